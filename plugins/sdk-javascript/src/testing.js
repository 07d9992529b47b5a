/**
 * A host for tests of a plugin in Node.js: answers from a script, and keeps what was asked. Nothing is built for that.
 */

import { channel } from "./channel.js";
import { Host } from "./host.js";
import { decode, encode } from "./utf8.js";

/**
 * @typedef {import("campanile:channel/http@0.1.0").SendReason} SendReason
 * @typedef {import("campanile:channel/types@0.1.0").Notification} Notification
 * @typedef {import("campanile:channel/types@0.1.0").Attempt} Attempt
 * @typedef {import("campanile:channel/types@0.1.0").Receipt} Receipt
 * @typedef {import("campanile:channel/types@0.1.0").Failure} Failure
 */

/** A request as it would leave. */
class Sent {
  /** @param {import("campanile:channel/http@0.1.0").Request} request */
  constructor({ method, url, headers, body, timeoutMs }) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
    this.timeoutMs = timeoutMs;
  }

  /**
   * The first header of this name, in any case.
   * @param {string} name
   */
  header(name) {
    return this.headers.find(([header]) => header.toLowerCase() === name.toLowerCase())?.[1];
  }

  /** The body as text. */
  text() {
    return decode(this.body);
  }

  /**
   * The body as JSON.
   * @returns {any}
   */
  json() {
    return JSON.parse(this.text());
  }
}

/**
 * Answers requests from a script, in order.
 *
 * Secrets that were named give the placeholder `SECRET-NAME`; any other name has no value.
 */
export class ScriptedHost extends Host {
  /** The requests made, in order. @type {Sent[]} */
  requests = [];
  /** The lines logged, such as `warn: text`. @type {string[]} */
  lines = [];
  /** The answers still to give; when there is none left, sending fails as a lost connection. */
  answers;

  /** @param {string[]} [secrets] Names (and `NAME.PART`s) of the secrets that have a value. */
  constructor(secrets = []) {
    /** @type {(import("campanile:channel/http@0.1.0").Response | { error: import("campanile:channel/http@0.1.0").SendError })[]} */
    const answers = [];
    super({
      send: (request) => this.#send(request),
      write: (level, message) => void this.lines.push(`${level}: ${message}`),
      reference: (name) => (secrets.includes(name) ? `SECRET-${name}` : refuse({ tag: "unset" })),
    });
    this.answers = answers;
  }

  /**
   * Adds an answer.
   * @param {number} status
   * @param {Record<string, string>} [headers] Names in lower case.
   * @param {string | object} [body] An object is sent as JSON.
   */
  answer(status, headers = {}, body = "") {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    this.answers.push({ status, headers: Object.entries(headers), body: encode(text) });
    return this;
  }

  /**
   * Adds a failure to get an answer.
   * @param {SendReason} reason For example `{ tag: "timeout" }`.
   * @param {boolean} requestSent
   */
  fail(reason, requestSent) {
    this.answers.push({ error: { reason, requestSent } });
    return this;
  }

  /** @param {import("campanile:channel/http@0.1.0").Request} request */
  #send(request) {
    this.requests.push(new Sent(request));
    const lost = { reason: { tag: /** @type {const} */ ("network"), val: "the script has no more answers" }, requestSent: false };
    const next = this.answers.shift() ?? { error: lost };
    return "error" in next ? refuse(next.error) : next;
  }
}

/**
 * Throws as the component's imports do.
 * @param {object} payload
 * @returns {never}
 */
function refuse(payload) {
  throw Object.assign(new Error("refused by the script"), { payload });
}

/**
 * A notification like those of a heating that has gone off.
 * @param {Partial<Notification>} [changes]
 * @returns {Notification}
 */
export function notification(changes = {}) {
  return {
    eventId: "01a20694-3550-7cc3-98c4-000000000001",
    deviceId: "home-heating",
    status: "INACTIVE",
    severity: "critical",
    title: "home-heating: INACTIVE",
    body: "home-heating changed from ACTIVE to INACTIVE.",
    bodyFormat: "text",
    occurredAt: "2026-11-23T04:05:06Z",
    fields: [],
    eventJson: '{"device_id":"home-heating","status":"INACTIVE"}',
    ...changes,
  };
}

/**
 * The first attempt of a delivery.
 * @param {Partial<Attempt>} [changes]
 * @returns {Attempt}
 */
export function attempt(changes = {}) {
  const first = { deliveryId: "home-heating:01a20694:ops", number: 1, remainingMs: 10_000, resume: "" };
  return { ...first, presentation: "rich", ...changes };
}

/**
 * Makes one attempt as the host would, and returns what the host would hear: a receipt, or a failure.
 * A defect of the plugin, which the host would report as a broken plugin, is thrown.
 * @template {object} Settings
 * @param {import("./channel.js").Deliver<Settings>} deliver
 * @param {{ host: Host, notification?: Notification, settings?: Settings, attempt?: Attempt }} call
 * @returns {{ receipt?: Receipt, failure?: Failure }}
 */
export function run(deliver, call) {
  const { deliver: exported } = channel({ description: {}, deliver }, call.host);
  const settings = JSON.stringify(call.settings ?? {});
  try {
    return { receipt: exported(call.notification ?? notification(), settings, call.attempt ?? attempt()) };
  } catch (thrown) {
    if (thrown instanceof Error) throw thrown;
    return { failure: /** @type {Failure} */ (thrown) };
  }
}
