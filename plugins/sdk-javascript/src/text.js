/**
 * Plain text within a provider's limits. Lengths are Unicode code points unless another measure is given.
 */

/** Ends a text that was cut. */
const ELLIPSIS = "…";

/**
 * @callback Measure How long a text is. Of two texts behind each other it must be the sum.
 * @param {string} text
 * @returns {number}
 */

/** Unicode code points. @type {Measure} */
export const characters = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** UTF-16 code units, as JavaScript, Java and Telegram count. @type {Measure} */
export const utf16 = (text) => text.length;

/** Bytes of UTF-8. @type {Measure} */
export const bytes = (text) => {
  let count = 0;
  for (const character of text) {
    const code = /** @type {number} */ (character.codePointAt(0));
    count += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return count;
};

/**
 * `text` cut to at most `limit`, ending in `…` if anything was cut and there is room for it.
 * @param {string} text
 * @param {number} limit
 * @param {Measure} [measure]
 */
export function truncate(text, limit, measure = characters) {
  if (measure(text) <= limit) return text;
  const room = limit - measure(ELLIPSIS);
  return room < 0 ? "" : text.slice(0, fitting(text, room, measure)) + ELLIPSIS;
}

/**
 * Where the longest beginning of `text` within `limit` ends, never inside of a character.
 * @param {string} text
 * @param {number} limit
 * @param {Measure} measure
 * @returns {number} UTF-16 code units.
 */
export function fitting(text, limit, measure) {
  let [end, used] = [0, 0];
  for (const character of text) {
    used += measure(character);
    if (used > limit) break;
    end += character.length;
  }
  return end;
}

/**
 * `text` without characters that only machines read.
 *
 * Line ends of every kind become `\n`, other control characters `U+FFFD`. Marks that change the direction of the text
 * after them are left out, as they could make one device's text rearrange the words around it.
 * @param {string} text
 */
export function clean(text) {
  return text
    .toWellFormed()
    .replace(/[\u202A-\u202E\u2066-\u2069]/g, "")
    .replace(/\r\n|[\r\u2028\u2029]/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "\uFFFD");
}

/**
 * `text` as one line: {@link clean}, with single spaces in place of white space.
 * @param {string} text
 */
export function oneLine(text) {
  return clean(text).split(/\s+/).filter(Boolean).join(" ");
}

/**
 * Whether nobody could see anything of `text`: only white space and characters without width.
 *
 * The list follows `strip_empty_characters` of TDLib (`td/telegram/misc.cpp`).
 * @param {string} text
 */
export function isBlank(text) {
  return /^[\s\u180E\u200B-\u200F\u2800\uFEFF\uFFFC]*$/.test(text);
}
