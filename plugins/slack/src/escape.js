/**
 * Text that Slack shows as it is. `&`, `<` and `>` begin its control sequences: mentions, links, dates
 * (https://docs.slack.dev/messaging/formatting-message-text#escaping). Without them, a device's `<!channel>` is words.
 */

/** @param {string} text */
export function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * How long `text` is once it is escaped, in UTF-16 code units: Slack says characters, and none of its counts is longer.
 * @param {string} text
 */
export function escapedLength(text) {
  return escape(text).length;
}
