/**
 * Reads the HTML of notifications. What is no markup is text: nothing that is written can make this fail.
 */

import { decodeEntities } from "./entity.js";

/** @typedef {import("./runs.js").Style} Style */

const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"];

/** The style that a tag gives to its text. @type {Map<string, Style>} */
const STYLES = new Map([
  ["b", { bold: true }],
  ["strong", { bold: true }],
  ["i", { italic: true }],
  ["em", { italic: true }],
  ["u", { underline: true }],
  ["ins", { underline: true }],
  ["s", { strike: true }],
  ["strike", { strike: true }],
  ["del", { strike: true }],
  ["code", { code: true }],
  ["kbd", { code: true }],
  ["samp", { code: true }],
  ["pre", { pre: true }],
  ["blockquote", { quote: true }],
  ...HEADINGS.map((name) => /** @type {[string, Style]} */ ([name, { bold: true }])),
]);

/** Tags that stand apart: a line is left free around them. */
const PARAGRAPHS = new Set(["p", ...HEADINGS]);

/** Tags that stand on lines of their own. */
const BLOCKS = new Set(
  "article blockquote dd div dl dt footer header hr li ol pre section table tr ul".split(" "),
);

/** Tags whose text nobody should read. */
const HIDDEN = new Set(["script", "style", "template", "title"]);

/**
 * A comment or a tag. Attributes may hold `>` in quotes. None of it reaches beyond the next `<`, so that what looks like
 * the beginning of many tags is not read many times.
 */
const MARKUP =
  /<!--[^]*?(?:-->|$)|<(\/?)([a-z][a-z0-9-]*)((?:"[^"<]*"|'[^'<]*'|[^'"<>])*)>|<[!?][^<>]*>/iy;

/** Tags inside of more open ones give no style: nobody writes that, and each closing tag is looked for among them. */
const MAX_DEPTH = 64;

/** Longer URLs are left out: no provider needs one, and each link has one. */
const MAX_URL = 2000;

/**
 * The text with its styles.
 * @param {string} html
 * @param {number} enough
 * @returns {import("./runs.js").Run[]}
 */
export function readHtml(html, enough) {
  const reader = new Reader();
  let [read, at] = [0, html.indexOf("<")];
  while (at >= 0 && reader.length < enough) {
    MARKUP.lastIndex = at;
    const match = MARKUP.exec(html);
    if (match) {
      reader.text(decodeEntities(html.slice(read, at)));
      reader.tag(match[1] !== "", (match[2] ?? "").toLowerCase(), match[3] ?? "");
      read = MARKUP.lastIndex;
    }
    at = html.indexOf("<", match ? read : at + 1);
    // Text without any markup is looked at no further than it is told.
    if (at - read > 10 * enough) break;
  }
  // A character reference is never longer than ten characters.
  if (reader.length < enough) reader.text(decodeEntities(html.slice(read, read + 10 * enough)));
  return reader.runs;
}

class Reader {
  /** @type {import("./runs.js").Run[]} */
  runs = [];
  /** Of the text so far, in UTF-16 code units. */
  length = 0;
  /** The open tags, outermost first, each with all that is so inside of it. @type {{ name: string, style: Style, hidden: boolean }[]} */
  #open = [];
  /** What is so outside of them. @type {{ style: Style, hidden: boolean }} */
  #outside = { style: {}, hidden: false };
  /** Line ends that come before the next text. */
  #lineEnds = 0;
  /** Line ends that the text ends in. */
  #ended = 0;

  /** @param {string} text */
  text(text) {
    const { style, hidden } = this.#inside();
    if (text === "" || hidden) return;
    const begins = this.runs.length === 0;
    const between = begins ? 0 : Math.max(this.#lineEnds - this.#ended, 0);
    const shown = this.#lineEnds > 0 || begins ? text.replace(/^\n+/, "") : text;
    if ((between > 0 || begins) && shown.trim() === "") return;
    this.#lineEnds = 0;
    this.#push("\n".repeat(between), this.#outside.style);
    this.#push(shown, style);
  }

  /**
   * A tag, or a comment: that has no name.
   * @param {boolean} closes
   * @param {string} name In lower case.
   * @param {string} attributes
   */
  tag(closes, name, attributes) {
    if (closes) this.close(name);
    else this.open(name, attributes);
  }

  /**
   * @param {string} name
   * @param {string} attributes
   */
  open(name, attributes) {
    this.#block(name);
    if (name === "br") return this.#push("\n", this.#inside().style);
    if (name === "li") this.text("• ");
    if (name === "td" || name === "th") this.#cell();
    const own = name === "a" ? link(attributes) : STYLES.get(name);
    if ((own === undefined && !HIDDEN.has(name)) || this.#open.length === MAX_DEPTH) return;
    const { style, hidden } = this.#inside();
    this.#open.push({ name, style: { ...style, ...own }, hidden: hidden || HIDDEN.has(name) });
  }

  /** @param {string} name */
  close(name) {
    const at = this.#open.findLastIndex((open) => open.name === name);
    // What was opened inside and not closed ends here too.
    if (at >= 0) this.#open.length = at;
    this.#block(name);
  }

  /** What is so for the next text. */
  #inside() {
    return this.#open.at(-1) ?? this.#outside;
  }

  /** @param {string} name */
  #block(name) {
    const around = PARAGRAPHS.has(name) ? 2 : BLOCKS.has(name) ? 1 : 0;
    this.#lineEnds = Math.max(this.#lineEnds, around);
  }

  /** Cells of a row stand beside each other. */
  #cell() {
    if (this.#lineEnds === 0 && this.runs.length > 0 && this.#ended === 0) this.#push(" ", this.#outside.style);
  }

  /**
   * @param {string} text
   * @param {Style} style
   */
  #push(text, style) {
    if (text === "") return;
    this.length += text.length;
    const last = this.runs.at(-1);
    if (last?.style === style) last.text += text;
    else this.runs.push({ text, style });
    let end = text.length;
    while (text.charAt(end - 1) === "\n") end -= 1;
    this.#ended = text.length - end + (end === 0 ? this.#ended : 0);
  }
}

/**
 * The style of a link; without one if its URL is none to follow.
 * @param {string} attributes
 * @returns {Style}
 */
function link(attributes) {
  const match = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(attributes);
  const url = decodeEntities(match?.[1] ?? match?.[2] ?? match?.[3] ?? "").trim();
  const known = /^(?:https?|mailto):[^\s\u0000-\u001F\u007F-\u009F]+$/i.test(url) && url.length <= MAX_URL;
  return known ? { link: url } : {};
}
