/**
 * Marked-up text: one model, read from plain text or HTML, written as each provider wants it.
 *
 * Text is a list of runs, each with the style it is shown in. So it can be cut anywhere, and markup can be neither left
 * open nor crossed.
 */

import { readHtml } from "./html.js";
import { characters, clean, fitting } from "./text.js";

/**
 * @typedef {object} Style What is not set is not so.
 * @property {true} [bold]
 * @property {true} [italic]
 * @property {true} [underline]
 * @property {true} [strike]
 * @property {true} [code]
 * @property {true} [pre] A block of code.
 * @property {true} [quote]
 * @property {string} [link] An URL with the scheme `http`, `https` or `mailto`.
 *
 * @typedef {object} Run Text that is shown in one way.
 * @property {string} text Never empty.
 * @property {Style} style
 */

/**
 * Text in which every character means itself, cleaned.
 * @param {string} text
 * @returns {Run[]}
 */
export const fromText = (text) => joined([{ text: clean(text), style: {} }]);

/**
 * Text read from HTML, as forgiving as a browser.
 *
 * Known are the tags that style text and those that give it its lines: paragraphs, headings, lists, tables, rules. Line
 * ends count as written. Of other tags just the text is kept; scripts and style sheets vanish.
 * @param {string} html
 * @param {number} [enough] Reading may end after so many UTF-16 code units of text: for who cuts it anyway.
 * @returns {Run[]}
 */
export const fromHtml = (html, enough = Infinity) => joined(readHtml(clean(html), enough));

/**
 * The text without its markup.
 * @param {Run[]} runs
 */
export const plainText = (runs) => runs.map(({ text }) => text).join("");

/**
 * Texts behind each other, with `separator` between those that are not empty.
 * @param {Run[][]} texts
 * @param {string} separator
 */
export function joinRuns(texts, separator) {
  const between = { text: separator, style: {} };
  return joined(texts.filter((runs) => runs.length > 0).flatMap((runs, index) => (index === 0 ? runs : [between, ...runs])));
}

/**
 * `runs` without white space at both ends.
 * @param {Run[]} runs
 */
export function trimRuns(runs) {
  const text = plainText(runs);
  const start = text.length - text.trimStart().length;
  return slice(runs, start, start + text.trim().length);
}

/**
 * `runs` cut to at most `limit`, ending in `…` if anything was cut.
 * @param {Run[]} runs
 * @param {number} limit
 * @param {import("./text.js").Measure} [measure]
 */
export function truncateRuns(runs, limit, measure = characters) {
  const text = plainText(runs);
  if (measure(text) <= limit) return runs;
  const room = limit - measure("…");
  if (room < 0) return [];
  const cut = slice(runs, 0, fitting(text, room, measure));
  return joined([...cut, { text: "…", style: cut.at(-1)?.style ?? {} }]);
}

/**
 * `runs` in pieces of at most `limit`, between lines or words where that loses less than half of a piece.
 * Nothing is left out but the white space between two pieces.
 * @param {Run[]} runs
 * @param {number} limit At least 1 of each character.
 * @param {import("./text.js").Measure} [measure]
 * @returns {Run[][]}
 */
export function splitRuns(runs, limit, measure = characters) {
  const text = plainText(runs);
  const pieces = [];
  let start = 0;
  while (start < text.length) {
    const rest = text.slice(start);
    const end = pieceEnd(rest, fitting(rest, limit, measure));
    const kept = rest.length > end ? rest.slice(0, end).trimEnd().length || end : end;
    pieces.push(slice(runs, start, start + kept));
    start += rest.length > end ? end + leadingSpace(rest.slice(end)) : end;
  }
  return pieces;
}

/**
 * Where a piece of at most `end` ends.
 * @param {string} text
 * @param {number} end
 */
function pieceEnd(text, end) {
  if (end >= text.length) return end;
  if (end === 0) throw new RangeError("no character fits into a piece");
  if (/\s/.test(text.charAt(end))) return end;
  const line = text.lastIndexOf("\n", end - 1) + 1;
  if (line * 2 > end) return line;
  let word = end;
  while (word * 2 > end && !/\s/.test(text.charAt(word - 1))) word -= 1;
  return word * 2 > end ? word : end;
}

/** @param {string} text */
const leadingSpace = (text) => text.length - text.trimStart().length;

/**
 * The part of `runs` between two places, in UTF-16 code units of their text.
 * @param {Run[]} runs
 * @param {number} from
 * @param {number} to
 */
function slice(runs, from, to) {
  let at = 0;
  const parts = [];
  for (const { text, style } of runs) {
    if (at >= to) break;
    const end = at + text.length;
    if (end > from) parts.push({ text: text.slice(Math.max(from - at, 0), to - at), style });
    at = end;
  }
  return joined(parts);
}

/**
 * The runs without empty ones, neighbours of one style as one.
 * @param {Run[]} runs
 */
function joined(runs) {
  /** @type {Run[]} */
  const all = [];
  for (const { text, style } of runs) {
    const last = all.at(-1);
    if (text === "") continue;
    if (last && isSame(last.style, style)) last.text += text;
    else all.push({ text, style });
  }
  return all;
}

/** All that a style can say. @type {(keyof Style)[]} */
const STYLES = ["bold", "italic", "underline", "strike", "code", "pre", "quote", "link"];

/**
 * @param {Style} one
 * @param {Style} other
 */
const isSame = (one, other) => one === other || STYLES.every((name) => one[name] === other[name]);
