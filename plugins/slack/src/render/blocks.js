/**
 * Messages with layout: a header, the text with its markup, and below a coloured bar with device and time.
 *
 * Body and fields are a rich text block: its elements say what is markup, and text in them is never read for any. So
 * there is nothing to escape in them, while `*`, `_`, `~` and backticks can't be escaped in Slack's `mrkdwn` at all.
 *
 * https://docs.slack.dev/reference/block-kit/blocks/rich-text-block,
 * https://docs.slack.dev/reference/block-kit/blocks/context-block,
 * https://docs.slack.dev/messaging/formatting-message-text#attachments
 */

import { oneLine, truncate } from "../../sdk/src/index.js";
import { escape, escapedLength } from "../escape.js";
import { mentionsAsElements } from "../mentions.js";

/**
 * @typedef {import("../../sdk/src/index.js").Run} Run
 * @typedef {import("../../sdk/src/index.js").Style} Style
 */

/** Most characters of the device's name: a text object holds 3,000, but this is one line. */
const DEVICE = 300;

/** What Slack calls its three colours; anything else is grey. */
const COLORS = { critical: "danger", error: "danger", warning: "warning", info: "good", debug: "#95A5A6" };

/**
 * @param {string} title Empty for a message that goes on.
 * @param {Run[]} runs
 * @param {import("../mentions.js").Mentions} mentions
 */
export function blocks(title, runs, mentions) {
  const header = { type: "header", text: { type: "plain_text", text: escape(title), emoji: false } };
  const named = mentionsAsElements(mentions);
  const called = named.length > 0 ? [{ type: "rich_text_section", elements: named }] : [];
  const elements = [...called, ...sections(runs)];
  return [...(title === "" ? [] : [header]), ...(elements.length === 0 ? [] : [{ type: "rich_text", elements }])];
}

/**
 * The bar: where it comes from and when it happened, in the reader's own time.
 * @param {import("../../sdk/src/index.js").Notification} notification
 */
export function footer({ deviceId, occurredAt, severity }) {
  const device = truncate(oneLine(deviceId), DEVICE, escapedLength);
  const time = Math.floor(Date.parse(occurredAt) / 1000);
  const elements = [];
  if (device !== "") elements.push({ type: "plain_text", text: escape(device), emoji: false });
  if (Number.isFinite(time)) {
    const date = `<!date^${time}^{date_short_pretty} {time_secs}|${escape(oneLine(occurredAt))}>`;
    elements.push({ type: "mrkdwn", text: date, verbatim: true });
  }
  if (elements.length === 0) return [];
  const fallback = escape([device, oneLine(occurredAt)].filter(Boolean).join(" "));
  return [{ color: COLORS[severity], fallback, blocks: [{ type: "context", elements }] }];
}

/**
 * The elements of a rich text block: text, quotes and blocks of code, each on lines of its own.
 * @param {Run[]} runs
 */
function sections(runs) {
  const groups = grouped(runs);
  return groups.flatMap(({ kind, runs }, index) => {
    const text = withoutLineEnds(runs, index > 0, index < groups.length - 1);
    const elements = text.map((run) => element(run, kind));
    return elements.length === 0 ? [] : [{ type: kind, elements }];
  });
}

/**
 * Neighbours of one kind together.
 * @param {Run[]} runs
 */
function grouped(runs) {
  /** @type {{ kind: string, runs: Run[] }[]} */
  const groups = [];
  for (const run of runs) {
    const kind = run.style.pre ? "rich_text_preformatted" : run.style.quote ? "rich_text_quote" : "rich_text_section";
    const last = groups.at(-1);
    if (last?.kind === kind) last.runs.push(run);
    else groups.push({ kind, runs: [run] });
  }
  return groups;
}

/**
 * Sections begin on a new line anyway: one line end between two of them is theirs.
 * @param {Run[]} runs
 * @param {boolean} before Whether there is a section before.
 * @param {boolean} after Whether there is one after.
 */
function withoutLineEnds(runs, before, after) {
  const last = runs.length - 1;
  return runs
    .map(({ text, style }, index) => {
      const begun = before && index === 0 ? text.replace(/^\n/, "") : text;
      return { text: after && index === last ? begun.replace(/\n$/, "") : begun, style };
    })
    .filter(({ text }) => text !== "");
}

/** What text can be in Slack, but for links. */
const STYLES = /** @type {const} */ (["bold", "italic", "underline", "strike", "code"]);

/**
 * @param {Run} run
 * @param {string} kind
 */
function element({ text, style }, kind) {
  /** @type {Style} */
  const shown = {};
  if (kind !== "rich_text_preformatted") {
    for (const name of STYLES) if (style[name]) shown[name] = true;
  }
  const words = style.link === undefined ? { type: "text", text } : { type: "link", url: style.link, text };
  return Object.keys(shown).length === 0 ? words : { ...words, style: shown };
}
