/** Attempts from beginning to end: what is asked of the host, and what the host hears back. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ScriptedHost, attempt, notification, run } from "../sdk/src/testing.js";
import { deliver } from "../src/plugin.js";

/** @typedef {import("../src/settings.js").Settings} Settings */

const channel = "C0123456789";
const posted = (/** @type {string} */ ts) => ({ ok: true, channel, ts });
const host = () => new ScriptedHost(["bot-token"]);
const earlier = { messageId: "1.000001", target: channel, warnings: [] };
const methods = (/** @type {ScriptedHost} */ { requests }) => requests.map(({ url }) => url.split("/").at(-1));

/**
 * @param {ScriptedHost} told
 * @param {Partial<Settings>} [settings]
 * @param {Partial<import("../sdk/src/index.js").Attempt>} [changes]
 * @param {Partial<import("../sdk/src/index.js").Notification>} [event]
 */
const attempted = (told, settings = {}, changes = {}, event = {}) =>
  run(deliver, { host: told, settings: { channel, ...settings }, attempt: attempt(changes), notification: notification(event) });

test("a message is posted with the token in its header, and is told by its timestamp", () => {
  const told = host().answer(200, {}, posted("1.000001"));
  assert.deepEqual(attempted(told).receipt, { messageId: "1.000001", target: channel, warnings: [] });
  const [request] = told.requests;
  assert.equal(`${request?.method} ${request?.url}`, "POST https://slack.com/api/chat.postMessage");
  assert.deepEqual(request?.headers, [
    ["authorization", "Bearer SECRET-bot-token"],
    ["content-type", "application/json; charset=utf-8"],
    ["user-agent", "Campanile/0.1.0"],
  ]);
  const { blocks, attachments, text, ...rest } = request?.json();
  assert.deepEqual(rest, { channel, parse: "none", link_names: false, unfurl_links: false, unfurl_media: false });
  assert.deepEqual([blocks.length, attachments.length, text.split("\n")[0]], [2, 1, "home-heating: INACTIVE"]);
});

test("simpler presentations are text that is not parsed", () => {
  for (const presentation of /** @type {const} */ (["plain", "minimal"])) {
    const told = host().answer(200, {}, posted("1"));
    attempted(told, {}, { presentation });
    const { mrkdwn, blocks, attachments } = told.requests[0]?.json();
    assert.deepEqual([mrkdwn, blocks, attachments], [false, undefined, undefined]);
  }
});

test("settings change what is asked for", () => {
  const told = host().answer(200, {}, posted("1"));
  const settings = {
    channel: "#boilers",
    "thread-ts": "1763870706.000100",
    username: "Bell",
    "icon-emoji": ":bell:",
    "link-preview": true,
    "api-url": "https://slack-gov.com/",
  };
  attempted(told, settings);
  assert.equal(told.requests[0]?.url, "https://slack-gov.com/api/chat.postMessage");
  const { channel, thread_ts, username, icon_emoji, icon_url, unfurl_links, unfurl_media } = told.requests[0]?.json();
  assert.deepEqual([channel, thread_ts, username, icon_emoji], ["#boilers", "1763870706.000100", "Bell", ":bell:"]);
  assert.deepEqual([icon_url, unfurl_links, unfurl_media], [undefined, true, true]);
});

test("what follows an alert edits it, and is posted", () => {
  const told = host().answer(200, {}, posted("1.000001")).answer(200, {}, posted("2.000001"));
  assert.equal(attempted(told, {}, { earlier }).receipt?.messageId, "2.000001");
  assert.deepEqual(methods(told), ["chat.update", "chat.postMessage"]);
  const { blocks, attachments, text, ...rest } = told.requests[0]?.json();
  assert.deepEqual(rest, { channel, ts: "1.000001", parse: "none", link_names: false });
  const { blocks: again, attachments: bar, text: words, thread_ts } = told.requests[1]?.json();
  assert.deepEqual([again, bar, words, thread_ts], [blocks, attachments, text, undefined]);
});

test("an edit is one message, whatever is posted below", () => {
  const told = host().answer(200, {}, posted("1"));
  for (let part = 0; part < 3; part += 1) told.answer(200, {}, posted("2"));
  attempted(told, { overflow: "split" }, { earlier }, { body: "word ".repeat(1500) });
  assert.deepEqual(methods(told), ["chat.update", "chat.postMessage", "chat.postMessage", "chat.postMessage"]);
  const [edited, first] = told.requests.map((request) => request.json());
  assert.ok(edited.text.endsWith("…"));
  assert.deepEqual([edited.attachments.length, first.attachments.length], [1, 0]);
});

test("a simpler edit takes blocks and bar away", () => {
  const told = host().answer(200, {}, posted("1")).answer(200, {}, posted("2"));
  attempted(told, {}, { earlier, presentation: "plain" });
  const { blocks, attachments } = told.requests[0]?.json();
  assert.deepEqual([blocks, attachments], [[], []]);
});

test("what follows an alert can be a reply to it", () => {
  const told = host().answer(200, {}, posted("1")).answer(200, {}, posted("2"));
  attempted(told, { "thread-updates": true, "thread-ts": "1763870706.000100" }, { earlier });
  assert.equal(told.requests[1]?.json().thread_ts, earlier.messageId);
  const alert = host().answer(200, {}, posted("1"));
  attempted(alert, { "thread-updates": true });
  assert.equal(alert.requests[0]?.json().thread_ts, undefined);
});

test("a reply that its thread does not take is told in the channel", () => {
  const refused = { ok: false, error: "restricted_action_non_threadable_channel" };
  const told = host().answer(200, {}, posted("1")).answer(200, {}, refused).answer(200, {}, posted("2"));
  assert.equal(attempted(told, { "thread-updates": true }, { earlier }).receipt?.messageId, "2");
  assert.equal(told.requests[2]?.json().thread_ts, undefined);
  assert.match(told.lines.join(), /^warn: not told as a reply: Slack answered restricted_action_non_threadable_channel/);
});

test("an alert that can't be edited is told anew all the same", () => {
  for (const error of ["message_not_found", "cant_update_message", "edit_window_closed", "block_mismatch", "channel_not_found"]) {
    const told = host().answer(200, {}, { ok: false, error }).answer(200, {}, posted("2"));
    assert.equal(attempted(told, {}, { earlier }).receipt?.messageId, "2", error);
    assert.match(told.lines.join(), new RegExp(`^warn: earlier message not edited: Slack answered ${error}`));
  }
  const silent = host().fail({ tag: "timeout" }, true).answer(200, {}, posted("2"));
  assert.equal(attempted(silent, {}, { earlier }).receipt?.messageId, "2");
  const unknown = host().answer(200, {}, posted("2"));
  attempted(unknown, {}, { earlier: { ...earlier, messageId: "" } });
  assert.deepEqual(methods(unknown), ["chat.postMessage"]);
});

test("an edit that may work in a moment is waited for", () => {
  const limited = host().answer(429, { "retry-after": "3" }, "");
  assert.deepEqual(attempted(limited, {}, { earlier }).failure?.reason, { tag: "rate-limited", val: 3000 });
  assert.deepEqual(methods(limited), ["chat.update"]);
  const broken = host().answer(200, {}, { ok: false, error: "internal_error" });
  assert.deepEqual(attempted(broken, {}, { earlier }).failure?.reason, { tag: "transient" });
});

test("a delivery in parts goes on where it stopped", () => {
  const body = "word ".repeat(1500);
  const first = host().answer(200, {}, posted("1.000001")).answer(429, { "retry-after": "1" }, "");
  const { failure } = attempted(first, { overflow: "split" }, {}, { body });
  assert.deepEqual([failure?.reason, failure?.resume], [{ tag: "rate-limited", val: 1000 }, `1,1.000001,${channel}`]);
  const warned = { ...posted("2"), response_metadata: { warnings: ["w"] } };
  const next = host().answer(200, {}, warned).answer(200, {}, warned);
  const { receipt } = attempted(next, { overflow: "split" }, { resume: failure?.resume ?? "", earlier }, { body });
  assert.deepEqual(receipt, { messageId: "1.000001", target: channel, warnings: ["w"] });
  assert.deepEqual(methods(next), ["chat.postMessage", "chat.postMessage"]);
  const lost = host().answer(200, {}, posted("1.000001")).fail({ tag: "network", val: "reset" }, true);
  assert.deepEqual(attempted(lost, { overflow: "split" }, {}, { body }).failure, {
    reason: { tag: "transient" },
    detail: "reset",
    resume: `1,1.000001,${channel}`,
  });
});

test("what is no progress is none", () => {
  const told = host().answer(200, {}, posted("1"));
  assert.equal(attempted(told, {}, { resume: "garbage" }).receipt?.messageId, "1");
});

test("nothing to read, no token and no grant are said", () => {
  assert.equal(attempted(host(), {}, {}, { title: "", body: "" }).failure?.reason.tag, "rejected");
  assert.equal(attempted(new ScriptedHost()).failure?.reason.tag, "misconfigured");
  const denied = attempted(host().fail({ tag: "denied", val: "no grant" }, false));
  assert.deepEqual(denied.failure, { reason: { tag: "misconfigured" }, detail: "no grant", resume: "" });
});
