/**
 * Turns a notification into the messages to send, within Slack's limits. Nothing here knows about requests.
 *
 * Limits: https://docs.slack.dev/reference/methods/chat.postMessage#truncating (text),
 * https://docs.slack.dev/reference/block-kit/blocks/header-block,
 * https://docs.slack.dev/reference/block-kit/composition-objects/text-object.
 */

import {
  clean,
  fromHtml,
  fromText,
  isBlank,
  joinRuns,
  oneLine,
  plainText,
  splitRuns,
  trimRuns,
  truncate,
  truncateRuns,
} from "../sdk/src/index.js";
import { escape, escapedLength } from "./escape.js";
import { mentionsAsText } from "./mentions.js";
import { blocks, footer } from "./render/blocks.js";

/**
 * @typedef {import("../sdk/src/index.js").Notification} Notification
 * @typedef {import("../sdk/src/index.js").Presentation} Presentation
 * @typedef {import("../sdk/src/index.js").Run} Run
 * @typedef {import("./settings.js").Settings} Settings
 *
 * @typedef {object} Message What people see in one message.
 * @property {string} text Escaped. With blocks it is what notifications and screen readers tell.
 * @property {object[]} blocks None in the simpler presentations.
 * @property {object[]} attachments
 */

/** Most characters of a header block, as Slack reads them: escaped. */
const TITLE = 150;

/**
 * Most characters of body and fields in a message. With title and mentions they stay below the 4,000 that Slack
 * recommends, and refuses to go beyond in edits. New texts are cut at 40,000. What all blocks may hold together is not
 * documented, but 9,500 were taken and 11,300 refused (https://github.com/slackapi/bolt-js/issues/2867).
 */
const PIECE = 3200;

/**
 * Changes of style in a body that are shown. Nobody writes more, and the elements of 17,000 take more than a second of
 * processor time: such a body is told without its markup.
 */
const RUNS = 1000;

/** What the body keeps of that, however long the fields are. */
const RESERVED = 1000;

/**
 * The messages, in order; none if there is nothing to read. The parts are the same in each presentation but the minimal
 * one, so that a delivery can go on in a simpler one.
 * @param {Notification} notification
 * @param {Settings} settings
 * @param {Presentation} presentation
 * @param {boolean} follows Whether it follows an alert, which has notified those who had to be.
 * @returns {Message[]}
 */
export function messages(notification, settings, presentation, follows) {
  const whole = oneLine(notification.title);
  const title = isBlank(whole) ? "" : truncate(whole, TITLE, escapedLength);
  const parts = presentation === "minimal" ? [] : pieces(notification, settings, title === whole ? "" : whole);
  if (title === "" && parts.length === 0) return [];
  const mentioned = follows ? {} : settings;
  if (parts.length === 0) parts.push([]);
  return parts.map((runs, index) => {
    const heading = index === 0 ? title : "";
    const mentions = index === 0 ? mentioned : {};
    const text = [heading, plainText(runs)].filter(Boolean).map(escape).join("\n");
    if (presentation !== "rich") {
      return { text: [mentionsAsText(mentions), text].filter(Boolean).join("\n"), blocks: [], attachments: [] };
    }
    const isLast = index === parts.length - 1;
    return { text, blocks: blocks(heading, runs, mentions), attachments: isLast ? footer(notification) : [] };
  });
}

/**
 * Body and fields as the text of one message, or of several.
 * @param {Notification} notification
 * @param {Settings} settings
 * @param {string} longTitle A title that has no room as a heading is told in full above the body; empty if it has.
 */
function pieces(notification, settings, longTitle) {
  const facts = fields(notification);
  const text = body(notification, settings.overflow === "split" ? Infinity : 2 * PIECE);
  if (settings.overflow === "split") {
    const told = longTitle === "" ? [] : [bold(longTitle)];
    return splitRuns(joinRuns([told, text, facts], "\n"), PIECE, escapedLength);
  }
  const kept = Math.min(escapedLength(plainText(text)), RESERVED);
  const shown = truncateRuns(facts, PIECE - kept - 1, escapedLength);
  const room = PIECE - escapedLength(plainText(shown)) - 1;
  const all = joinRuns([truncateRuns(text, room, escapedLength), shown], "\n");
  return all.length === 0 ? [] : [all];
}

/**
 * The body, whatever its format; nothing if there is nothing to see.
 * @param {Notification} notification
 * @param {number} enough More than this is not told.
 */
function body({ body, bodyFormat }, enough) {
  const runs = trimRuns(bodyFormat === "html" ? fromHtml(body, enough) : fromText(body.slice(0, enough)));
  const text = plainText(runs);
  if (isBlank(text)) return [];
  return runs.length > RUNS ? fromText(text) : runs;
}

/**
 * Names and values as lines, names in bold; such as have both.
 * @param {Notification} notification
 */
function fields({ fields }) {
  const shown = fields.map(({ name, value }) => ({ name: oneLine(name), value: clean(value).trim() }));
  const told = shown.filter(({ name, value }) => !isBlank(name) && !isBlank(value));
  return joinRuns(told.map(({ name, value }) => [bold(`${name}:`), { text: ` ${value}`, style: {} }]), "\n");
}

/**
 * @param {string} text
 * @returns {Run}
 */
const bold = (text) => ({ text, style: { bold: true } });
