/**
 * Character references of HTML.
 */

/** Those that templates are written with; the spaces of other widths are plain spaces to a reader. */
const NAMED = new Map([
  ["amp", "&"],
  ["apos", "'"],
  ["bull", "•"],
  ["cent", "¢"],
  ["copy", "©"],
  ["deg", "°"],
  ["emsp", " "],
  ["ensp", " "],
  ["euro", "€"],
  ["gt", ">"],
  ["hellip", "…"],
  ["laquo", "«"],
  ["larr", "←"],
  ["ldquo", "“"],
  ["lsquo", "‘"],
  ["lt", "<"],
  ["mdash", "—"],
  ["micro", "µ"],
  ["middot", "·"],
  ["nbsp", " "],
  ["ndash", "–"],
  ["plusmn", "±"],
  ["quot", '"'],
  ["raquo", "»"],
  ["rarr", "→"],
  ["rdquo", "”"],
  ["reg", "®"],
  ["rsquo", "’"],
  ["times", "×"],
]);

/**
 * `text` with its character references replaced. What is none stays as it is.
 * @param {string} text
 */
export function decodeEntities(text) {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED.get(name) ?? whole;
    return character(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}

/**
 * What a number stands for: never a control character, nor half of a surrogate pair.
 * @param {number} code
 */
function character(code) {
  const control = (code < 0x20 && code !== 0x09 && code !== 0x0a) || (code >= 0x7f && code < 0xa0);
  const surrogate = code >= 0xd800 && code < 0xe000;
  return control || surrogate || code > 0x10ffff ? "\uFFFD" : String.fromCodePoint(code);
}
