/**
 * The requests: where they go and what they carry.
 *
 * https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/reference/methods/chat.update
 */

import { API_URL } from "./settings.js";

/**
 * @typedef {import("../sdk/src/index.js").Host} Host
 * @typedef {import("../sdk/src/index.js").Request} Request
 * @typedef {import("./render.js").Message} Message
 * @typedef {import("./settings.js").Settings} Settings
 */

/** Who asks. */
export const USER_AGENT = "Campanile/0.1.0";

/** Names and addresses in a text stay text: only what is written as markup is any. */
const AS_WRITTEN = { parse: "none", link_names: false };

/**
 * A new message, in the thread `thread` if there is one.
 * @param {Message} message
 * @param {string | undefined} thread
 * @param {Settings} settings
 * @param {Host} host
 * @returns {Request}
 */
export function post(message, thread, settings, host) {
  const preview = settings["link-preview"] ?? false;
  const { blocks, attachments } = message;
  return request("chat.postMessage", settings, host, {
    channel: settings.channel,
    text: message.text,
    // Without blocks the text is what people see, and must not get markup from what a device sent.
    ...(blocks.length > 0 ? { blocks, attachments } : { mrkdwn: false }),
    ...AS_WRITTEN,
    unfurl_links: preview,
    unfurl_media: preview,
    thread_ts: thread,
    username: settings.username,
    icon_emoji: settings["icon-emoji"],
    icon_url: settings["icon-url"],
  });
}

/**
 * A change of an earlier message. What it had and is not replaced would stay: empty lists take it away.
 * @param {import("../sdk/src/index.js").Receipt} earlier
 * @param {Message} message
 * @param {Settings} settings
 * @param {Host} host
 * @returns {Request}
 */
export function update(earlier, { text, blocks, attachments }, settings, host) {
  const body = { channel: earlier.target, ts: earlier.messageId, text, blocks, attachments, ...AS_WRITTEN };
  return request("chat.update", settings, host, body);
}

/**
 * @param {string} method
 * @param {Settings} settings
 * @param {Host} host
 * @param {object} body What is undefined in it is left out.
 * @returns {Request}
 */
function request(method, settings, host, body) {
  const api = (settings["api-url"] ?? API_URL).replace(/\/+$/, "");
  return {
    method: "POST",
    url: `${api}/api/${method}`,
    headers: {
      authorization: `Bearer ${host.reference("bot-token")}`,
      // Slack warns of a JSON body without a charset.
      "content-type": "application/json; charset=utf-8",
      "user-agent": USER_AGENT,
    },
    json: body,
  };
}
