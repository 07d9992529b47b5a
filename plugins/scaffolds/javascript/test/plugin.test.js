/** Attempts from beginning to end: what is asked of the host, and what the host hears back. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { ScriptedHost, attempt, notification, run } from "../sdk/src/testing.js";
import { deliver } from "../src/plugin.js";

const settings = { url: "https://example.com/notify" };
const host = () => new ScriptedHost(["api-key"]);

test("a message is posted with the key and the text", () => {
  const answers = host().answer(200, {}, { id: 7 });
  const { receipt } = run(deliver, { host: answers, settings, notification: notification({ body: "It is off." }) });
  assert.deepEqual(receipt, { messageId: "7", target: "", warnings: [] });
  const [request] = answers.requests;
  assert.equal(`${request?.method} ${request?.url}`, "POST https://example.com/notify");
  assert.equal(request?.header("authorization"), "Bearer SECRET-api-key");
  assert.equal(request?.header("idempotency-key"), attempt().deliveryId);
  assert.deepEqual(request?.json(), { text: "home-heating: INACTIVE\nIt is off.", severity: "critical" });
});

test("each answer is told in the words of the contract", () => {
  /** @type {[number, Record<string, string>, object][]} */
  const rows = [
    [400, {}, { tag: "content-refused" }],
    [401, {}, { tag: "misconfigured" }],
    [408, {}, { tag: "transient" }],
    [410, {}, { tag: "rejected" }],
    [429, { "retry-after": "2" }, { tag: "rate-limited", val: 2000 }],
    [429, {}, { tag: "rate-limited", val: 0 }],
    [503, {}, { tag: "transient" }],
  ];
  for (const [status, headers, reason] of rows) {
    const { failure } = run(deliver, { host: host().answer(status, headers, "no"), settings });
    assert.deepEqual(failure, { reason, detail: `the service answered ${status}: no`, resume: "" });
  }
});

test("without an answer, a key or a grant the host hears why", () => {
  const lost = run(deliver, { host: host().fail({ tag: "timeout" }, true), settings });
  assert.deepEqual(lost.failure?.reason, { tag: "transient" });
  const denied = run(deliver, { host: host().fail({ tag: "denied", val: "no grant" }, false), settings });
  assert.deepEqual(denied.failure?.reason, { tag: "misconfigured" });
  const keyless = run(deliver, { host: new ScriptedHost(), settings });
  assert.deepEqual(keyless.failure?.reason, { tag: "misconfigured" });
});
