/**
 * UTF-8, since QuickJS has neither `TextEncoder` nor `TextDecoder`. The results are theirs.
 */

/**
 * The bytes of `text`; half of a surrogate pair becomes `U+FFFD`.
 * @param {string} text
 */
export function encode(text) {
  // At most three bytes for each UTF-16 code unit: those that take four are two units.
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (code < 0x80) {
      bytes[length++] = code;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      code = /** @type {number} */ (text.codePointAt(at));
      if (code <= 0xdfff) code = 0xfffd;
    }
    if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
    } else {
      if (code < 0x10000) {
        bytes[length++] = 0xe0 | (code >> 12);
      } else {
        at += 1;
        bytes[length++] = 0xf0 | (code >> 18);
        bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
      }
      bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[length++] = 0x80 | (code & 0x3f);
  }
  return bytes.slice(0, length);
}

/** Code points are joined to text in pieces of this many: all at once would be too many arguments of one call. */
const PIECE = 4096;

/**
 * The text of `bytes`. Each longest wrong beginning of a character becomes one `U+FFFD`, and a byte order mark at the
 * start is left out (https://encoding.spec.whatwg.org/#utf-8-decoder).
 * @param {Uint8Array} bytes
 */
export function decode(bytes) {
  let text = "";
  let codes = [];
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length) {
    const { code, length } = character(bytes, at);
    codes.push(code);
    at += length;
    if (codes.length === PIECE) {
      text += String.fromCodePoint(...codes);
      codes = [];
    }
  }
  return text + String.fromCodePoint(...codes);
}

/**
 * The character that begins at `at`, and how many bytes it takes.
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function character(bytes, at) {
  const first = bytes[at];
  if (first < 0x80) return { code: first, length: 1 };
  const more = first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
  let code = first & (0x3f >> more);
  for (let next = 1; next <= more; next += 1) {
    const byte = bytes[at + next];
    if (byte === undefined || !continues(first, byte, next)) return { code: 0xfffd, length: next };
    code = (code << 6) | (byte & 0x3f);
  }
  return { code: more === 0 ? 0xfffd : code, length: more + 1 };
}

/**
 * Whether `byte` may be the `nth` after `first`. The one after the first excludes overlong forms, surrogates, and what
 * is beyond Unicode.
 * @param {number} first
 * @param {number} byte
 * @param {number} nth
 */
function continues(first, byte, nth) {
  const low = nth > 1 ? 0x80 : first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = nth > 1 ? 0xbf : first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  return byte >= low && byte <= high;
}
