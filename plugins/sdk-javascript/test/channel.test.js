/** What a plugin says to the host, and what the host says to a plugin. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  Failure,
  SecretError,
  SendError,
  channel,
  contentRefused,
  failureOf,
  misconfigured,
  rateLimited,
  rejected,
  transient,
} from "../src/index.js";
import { ScriptedHost, attempt, notification, run } from "../src/testing.js";

test("what a receipt leaves out is empty", () => {
  const host = new ScriptedHost();
  assert.deepEqual(run(() => ({}), { host }).receipt, { messageId: "", target: "", warnings: [] });
  const half = run(() => ({ messageId: "7\ud800", warnings: ["w"] }), { host }).receipt;
  assert.deepEqual(half, { messageId: "7\uFFFD", target: "", warnings: ["w"] });
});

test("each failure has its reason, detail and what to go on from", () => {
  const rows = [
    [rateLimited(1500, "d", "r"), { tag: "rate-limited", val: 1500 }],
    [transient("d", "r"), { tag: "transient" }],
    [contentRefused("d", "r"), { tag: "content-refused" }],
    [rejected("d", "r"), { tag: "rejected" }],
    [misconfigured("d", "r"), { tag: "misconfigured" }],
    [misconfigured("d").resuming("r"), { tag: "misconfigured" }],
  ];
  for (const [failure, reason] of rows) {
    const thrown = run(() => { throw failure; }, { host: new ScriptedHost() });
    assert.deepEqual(thrown.failure, { reason, detail: "d", resume: "r" });
  }
});

test("a wait is whole milliseconds that the contract can carry", () => {
  for (const [told, waited] of [[0.1, 1], [1000.5, 1001], [-1, 0], [NaN, 0], [Infinity, 0xffffffff], [1e12, 0xffffffff]]) {
    assert.deepEqual(rateLimited(Number(told), "").reason, { tag: "rate-limited", val: waited });
  }
});

test("what may work later is told from what needs a change", () => {
  /** @type {[import("../src/host.js").SendReason, boolean, string][]} */
  const rows = [
    [{ tag: "denied", val: "no grant" }, false, "misconfigured"],
    [{ tag: "invalid", val: "no scheme" }, false, "rejected"],
    [{ tag: "too-large" }, false, "content-refused"],
    [{ tag: "too-large" }, true, "transient"],
    [{ tag: "timeout" }, true, "transient"],
    [{ tag: "network", val: "reset" }, true, "transient"],
  ];
  for (const [reason, requestSent, expected] of rows) {
    const host = new ScriptedHost().fail(reason, requestSent);
    const { failure } = run((_, __, ___, told) => (told.send({ url: "https://example.com" }), {}), { host });
    assert.equal(failure?.reason.tag, expected);
    assert.notEqual(failure?.detail, "");
  }
});

test("a plugin can catch the host's errors", () => {
  const host = new ScriptedHost().fail({ tag: "timeout" }, true);
  assert.throws(() => host.send({ url: "https://example.com" }), (error) => error instanceof SendError && error.requestSent);
  assert.throws(() => host.reference("key"), (error) => error instanceof SecretError && error.reason === "unset");
  assert.equal(failureOf(new SecretError("undeclared")).reason.tag, "misconfigured");
});

test("a defect of the plugin is no failure", () => {
  const host = new ScriptedHost();
  assert.throws(() => run(() => { throw new TypeError("defect"); }, { host }), /defect/);
  assert.throws(() => run(/** @type {any} */ (async () => ({})), { host }), /must not be async/);
  assert.throws(() => failureOf("text"), (thrown) => thrown === "text");
});

test("a request says what it carries", () => {
  const host = new ScriptedHost().answer(200).answer(200).answer(200).answer(200);
  host.send({ url: "https://example.com" });
  host.send({ url: "https://example.com", json: { я: 1 } });
  host.send({ url: "https://example.com", json: null, headers: { "Content-Type": "application/x" }, method: "PUT", timeoutMs: 5 });
  host.send({ url: "https://example.com", body: Uint8Array.of(1), headers: [["x", "1"], ["x", "2"]] });
  const [get, json, own, bytes] = host.requests;
  assert.deepEqual([get?.method, get?.headers, get?.body.length, get?.timeoutMs], ["GET", [], 0, 0]);
  assert.deepEqual([json?.method, json?.headers, json?.text()], ["POST", [["content-type", "application/json"]], '{"я":1}']);
  assert.deepEqual([own?.method, own?.headers, own?.text(), own?.timeoutMs], ["PUT", [["Content-Type", "application/x"]], "null", 5]);
  assert.deepEqual([bytes?.method, bytes?.headers, bytes?.body], ["POST", [["x", "1"], ["x", "2"]], Uint8Array.of(1)]);
});

test("an answer is read as text, JSON and headers", () => {
  const host = new ScriptedHost().answer(299, { "retry-after": "1" }, { ok: true }).answer(300, {}, "no json");
  const good = host.send({ url: "https://example.com" });
  assert.deepEqual([good.ok, good.header("retry-after"), good.header("none"), good.json()], [true, "1", undefined, { ok: true }]);
  const bad = host.send({ url: "https://example.com" });
  assert.deepEqual([bad.ok, bad.text(), bad.json()], [false, "no json", undefined]);
});

test("the exports are those of the contract, whatever the engine makes of a missing value", () => {
  /** @type {unknown[]} */
  const seen = [];
  const description = { name: "x", "describe-version": 1 };
  const plugin = channel({ description, deliver: (_, settings, told) => (seen.push(settings, told.earlier), {}) }, new ScriptedHost());
  assert.deepEqual(JSON.parse(plugin.describe()), description);
  plugin.deliver(notification(), '{"a":1}', /** @type {any} */ ({ ...attempt(), earlier: null }));
  assert.deepEqual(seen, [{ a: 1 }, undefined]);
});

test("a line of the log is text", () => {
  const host = new ScriptedHost();
  host.log("warn", "half \ud83d");
  assert.deepEqual(host.lines, ["warn: half \uFFFD"]);
});

test("a failure is an error, so that its stack is there while it is debugged", () => {
  assert.ok(transient("d") instanceof Error && transient("d") instanceof Failure);
});
