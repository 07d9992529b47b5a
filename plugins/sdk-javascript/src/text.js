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

// Measures count code units: in an interpreter that is many times as fast as an iterator or a regular expression.

/** Unicode code points. @type {Measure} */
export const characters = (text) => {
  let count = text.length;
  for (let at = text.length - 1; at > 0; at -= 1) {
    if (isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1))) {
      count -= 1;
      at -= 1;
    }
  }
  return count;
};

/** UTF-16 code units, as JavaScript, Java and Telegram count. @type {Measure} */
export const utf16 = (text) => text.length;

/** Bytes of UTF-8. @type {Measure} */
export const bytes = (text) => {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isHigh(code) && isLow(text.charCodeAt(at + 1))) {
      count += 4;
      at += 1;
    } else {
      count += code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    }
  }
  return count;
};

/** The first of the two code units of a character. @param {number} code */
const isHigh = (code) => code >= 0xd800 && code < 0xdc00;

/** The second one. @param {number} code */
const isLow = (code) => code >= 0xdc00 && code < 0xe000;

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
  for (const step of STEPS) {
    while (end < text.length) {
      const splits = isHigh(text.charCodeAt(end + step - 1)) && isLow(text.charCodeAt(end + step));
      const next = end + step + (splits ? 1 : 0);
      const size = measure(text.slice(end, next));
      if (used + size > limit) break;
      used += size;
      end = Math.min(next, text.length);
    }
  }
  return end;
}

/** In strides, then in smaller ones, then character by character. */
const STEPS = [256, 16, 1];

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
    .replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, "\uFFFD");
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
