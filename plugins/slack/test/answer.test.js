/** What each answer of Slack means. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ScriptedHost } from "../sdk/src/testing.js";
import { read } from "../src/answer.js";
import { DOCUMENTED } from "../src/errors.js";

/**
 * @param {number} status
 * @param {Record<string, string>} headers
 * @param {string | object} body
 */
const answer = (status, headers, body) => read(new ScriptedHost().answer(status, headers, body).send({ url: "https://slack.com" }));

/** Slack's answer with an error: status 200. @param {object} body */
const refusal = (body) => answer(200, {}, { ok: false, ...body });

/** The errors of both methods, in Slack's order there. */
const POST_MESSAGE = `as_user_not_supported attachment_payload_limit_exceeded cannot_reply_to_message channel_not_found
  duplicate_channel_not_found duplicate_message_not_found ekm_access_denied invalid_blocks invalid_blocks_format
  invalid_metadata_format invalid_metadata_schema is_archived markdown_text_conflict message_limit_exceeded
  messages_tab_disabled metadata_must_be_sent_from_app metadata_too_large msg_blocks_too_long msg_too_long no_text
  not_in_channel rate_limited restricted_action restricted_action_non_threadable_channel
  restricted_action_read_only_channel restricted_action_thread_only_channel slack_connect_canvas_sharing_blocked
  slack_connect_clip_sharing_blocked slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked
  team_access_not_granted team_not_found too_many_attachments too_many_contact_cards access_denied accesslimited
  account_inactive deprecated_endpoint enterprise_is_restricted fatal_error internal_error invalid_arg_name
  invalid_arguments invalid_array_arg invalid_auth invalid_charset invalid_form_data invalid_post_type
  method_deprecated missing_post_type missing_scope no_permission not_allowed_token_type not_authed org_login_required
  ratelimited request_timeout service_unavailable team_added_to_org token_expired token_revoked
  two_factor_setup_required`;
const UPDATE = `block_mismatch cant_broadcast_message cant_update_message edit_window_closed external_channel_migrating
  invalid_attachments is_inactive message_not_found no_dual_broadcast_content_update streaming_state_conflict
  update_failed`;

test("every documented error has a meaning", () => {
  for (const error of `${POST_MESSAGE} ${UPDATE}`.split(/\s+/)) assert.ok(DOCUMENTED.has(error), error);
});

test("an error is told with its reason, whatever the status", () => {
  const rows = {
    ratelimited: { tag: "rate-limited", val: 0 },
    internal_error: { tag: "transient" },
    fatal_error: { tag: "transient" },
    service_unavailable: { tag: "transient" },
    invalid_blocks: { tag: "content-refused" },
    msg_too_long: { tag: "content-refused" },
    msg_blocks_too_long: { tag: "content-refused" },
    invalid_auth: { tag: "misconfigured" },
    channel_not_found: { tag: "misconfigured" },
    not_in_channel: { tag: "misconfigured" },
    is_archived: { tag: "misconfigured" },
    message_not_found: { tag: "rejected" },
    a_new_error: { tag: "content-refused" },
    constructor: { tag: "content-refused" },
  };
  for (const [error, reason] of Object.entries(rows)) {
    for (const status of [200, 400, 500]) {
      const told = answer(status, {}, { ok: false, error });
      assert.deepEqual([told.error, told.failure?.reason], [error, reason], error);
      assert.match(told.failure?.detail ?? "", new RegExp(`^Slack answered ${error}`));
    }
  }
});

test("a message that is there is told with its timestamp and channel", () => {
  const ts = "1503435956.000247";
  assert.deepEqual(answer(200, {}, { ok: true, ts, channel: "C1" }), { sent: { ts, channel: "C1", warnings: [] }, error: "" });
  assert.deepEqual(answer(200, {}, { ok: true }).sent, { ts: "", channel: "", warnings: [] });
  const cut = { messages: ["[WARN] Your message was truncated."], warnings: ["message_truncated"] };
  assert.deepEqual(answer(200, {}, { ok: true, ts, response_metadata: cut }).sent?.warnings, cut.messages);
  assert.deepEqual(answer(200, {}, { ok: true, response_metadata: { warnings: ["w", 1] } }).sent?.warnings, ["w"]);
});

test("Slack says how many seconds to wait", () => {
  const limited = { ok: false, error: "ratelimited" };
  for (const [header, wait] of /** @type {[string, number][]} */ ([["30", 30_000], [" 1 ", 1000], ["0.5", 500], ["soon", 0], ["-1", 0]])) {
    assert.deepEqual(answer(429, { "retry-after": header }, limited).failure?.reason, { tag: "rate-limited", val: wait }, header);
  }
  assert.deepEqual(answer(429, {}, "").failure?.reason, { tag: "rate-limited", val: 0 });
  assert.deepEqual(answer(200, { "retry-after": "2" }, limited).failure?.reason, { tag: "rate-limited", val: 2000 });
  assert.deepEqual(answer(503, { "retry-after": "2" }, "").failure?.reason, { tag: "rate-limited", val: 2000 });
});

test("an answer without JSON is told by its status", () => {
  /** @type {[number, string][]} */
  const rows = [
    [200, "transient"],
    [302, "misconfigured"],
    [400, "rejected"],
    [401, "misconfigured"],
    [403, "misconfigured"],
    [404, "rejected"],
    [408, "transient"],
    [413, "content-refused"],
    [500, "transient"],
    [503, "transient"],
  ];
  for (const [status, tag] of rows) {
    const { failure } = answer(status, {}, "<html>");
    assert.equal(failure?.reason.tag, tag, String(status));
    assert.match(failure?.detail ?? "", new RegExp(`^Slack answered status ${status}`));
  }
  for (const body of ["null", "[]", "1", '"ok"', '{"ok":"true"}', '{"ok":false}', '{"ok":false,"error":7}']) {
    assert.equal(answer(200, {}, body).failure?.reason.tag, "transient", body);
  }
});

test("the operator hears Slack's own words, and what to do", () => {
  assert.equal(
    refusal({ error: "missing_scope", needed: "chat:write", provided: "identify" }).failure?.detail,
    "Slack answered missing_scope; add the scope to the app and install it again; needs the scope chat:write",
  );
  const messages = ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]", "two", "three", "four"];
  assert.equal(
    refusal({ error: "invalid_blocks", response_metadata: { messages } }).failure?.detail,
    `Slack answered invalid_blocks; ${messages.slice(0, 3).join("; ")}`,
  );
  const long = refusal({ error: "invalid_blocks", response_metadata: { messages: ["x\n".repeat(5000)] } }).failure?.detail ?? "";
  assert.ok(long.length <= 400 && !long.includes("\n") && long.endsWith("…"));
});
