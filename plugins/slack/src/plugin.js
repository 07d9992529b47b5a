/**
 * Channel plugin: posts notifications to Slack as an app's bot.
 *
 * The plugin never sees the token: it asks the host for a placeholder and puts it into a header. Rendering, requests and
 * answers are apart, so that each can be tested without the others.
 */

import { Failure, failureOf, rejected } from "../sdk/src/index.js";
import { read } from "./answer.js";
import { Progress } from "./progress.js";
import { messages } from "./render.js";
import { post, update } from "./request.js";

/**
 * @typedef {import("../sdk/src/index.js").Attempt} Attempt
 * @typedef {import("../sdk/src/index.js").Host} Host
 * @typedef {import("../sdk/src/index.js").Receipt} Receipt
 * @typedef {import("./render.js").Message} Message
 * @typedef {import("./settings.js").Settings} Settings
 */

/** Replies that their thread does not take: they are told in the channel instead. */
const THREAD_ERRORS = new Set([
  "cannot_reply_to_message",
  "invalid_thread_ts",
  "message_not_found",
  "restricted_action_non_threadable_channel",
  "thread_not_found",
]);

/** @type {import("../sdk/src/channel.js").Deliver<Settings>} */
export function deliver(notification, settings, attempt, host) {
  const rendered = (/** @type {Settings["overflow"]} */ overflow) =>
    messages(notification, { ...settings, overflow }, attempt.presentation, attempt.earlier !== undefined);
  const all = rendered(settings.overflow);
  if (all.length === 0) throw rejected("empty: there is nothing to read in title, body and fields");
  const progress = Progress.read(attempt.resume);
  if (attempt.earlier && progress.parts === 0) {
    const [whole] = all.length === 1 ? all : rendered("truncate");
    if (whole) edit(attempt.earlier, whole, settings, host);
  }
  for (const message of all.slice(progress.parts)) {
    try {
      progress.add(send(message, settings, attempt, host));
    } catch (thrown) {
      throw failureOf(thrown).resuming(progress.write());
    }
  }
  return progress.receipt();
}

/**
 * @param {Message} message
 * @param {Settings} settings
 * @param {Attempt} attempt
 * @param {Host} host
 */
function send(message, settings, { earlier }, host) {
  const thread = settings["thread-updates"] ? earlier?.messageId : undefined;
  if (thread) {
    const { sent, error, failure } = read(host.send(post(message, thread, settings, host)));
    if (sent) return sent;
    if (!THREAD_ERRORS.has(error)) throw failure;
    host.log("warn", `not told as a reply: ${failure.detail}`);
  }
  const { sent, failure } = read(host.send(post(message, settings["thread-ts"], settings, host)));
  if (sent) return sent;
  throw failure;
}

/**
 * Makes the earlier message tell what is true now. If it can't be edited, the new message has to do.
 *
 * No answer is no reason to stop either: the host would take the new message for one that may have been delivered.
 * @param {Receipt} earlier
 * @param {Message} message
 * @param {Settings} settings
 * @param {Host} host
 */
function edit(earlier, message, settings, host) {
  if (earlier.messageId === "" || earlier.target === "") return;
  const failure = edited(update(earlier, message, settings, host), host);
  if (failure) host.log("warn", `earlier message not edited: ${failure.detail}`);
}

/**
 * Why the message was not edited. What may work in a moment is thrown: the whole attempt is made again.
 * @param {import("../sdk/src/index.js").Request} request
 * @param {Host} host
 * @returns {Failure | undefined}
 */
function edited(request, host) {
  let answer;
  try {
    answer = read(host.send(request));
  } catch (thrown) {
    return failureOf(thrown);
  }
  if (answer.failure && ["rate-limited", "transient"].includes(answer.failure.reason.tag)) throw answer.failure;
  return answer.failure;
}
