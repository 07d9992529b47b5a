/**
 * The host as a plugin sees it: requests, secrets, log. Errors are classes, so that a plugin can catch the one it means.
 */

import { decode, encode } from "./utf8.js";

/**
 * @typedef {import("campanile:channel/http@0.1.0").SendReason} SendReason
 * @typedef {import("campanile:channel/log@0.1.0").Level} Level
 *
 * @typedef {object} Request
 * @property {"GET" | "POST" | "PUT" | "PATCH" | "DELETE"} [method] `POST` if there is a body, else `GET`.
 * @property {string} url Absolute. May contain references where the description declares them.
 * @property {Record<string, string> | [string, string][]} [headers]
 * @property {string | Uint8Array} [body] Text is sent as UTF-8. At most 1 MiB.
 * @property {unknown} [json] Instead of `body`: sent as JSON, as `application/json` unless a header says otherwise.
 * @property {number} [timeoutMs] For the whole answer; by default the host's own limit.
 *
 * @typedef {object} Imports The functions that the component imports.
 * @property {typeof import("campanile:channel/http@0.1.0").send} send
 * @property {typeof import("campanile:channel/log@0.1.0").write} write
 * @property {typeof import("campanile:channel/secrets@0.1.0").reference} reference
 */

/** There is no answer. */
export class SendError extends Error {
  /**
   * @param {SendReason} reason
   * @param {boolean} requestSent Whether the provider may have seen the request: the message may have been delivered.
   */
  constructor(reason, requestSent) {
    super(sentence(reason, requestSent));
    this.name = "SendError";
    this.reason = reason;
    this.requestSent = requestSent;
  }
}

/**
 * @param {SendReason} reason
 * @param {boolean} requestSent
 */
function sentence(reason, requestSent) {
  switch (reason.tag) {
    case "timeout":
      return "no answer in time";
    case "too-large":
      return requestSent ? "the answer is too large" : "the request is too large";
    case "invalid":
      return `invalid request: ${reason.val}`;
    default:
      return reason.val;
  }
}

/** There is no such secret. */
export class SecretError extends Error {
  /** @param {"undeclared" | "unset"} reason */
  constructor(reason) {
    const undeclared = "the plugin uses a secret that its description does not declare";
    super(reason === "undeclared" ? undeclared : "a secret of this channel has no value");
    this.name = "SecretError";
    this.reason = reason;
  }
}

/** Any answer of the server, whatever its status. */
export class Response {
  /** @param {import("campanile:channel/http@0.1.0").Response} response */
  constructor({ status, headers, body }) {
    this.status = status;
    /** Names in lower case, in the order received. */
    this.headers = headers;
    this.bytes = body;
  }

  /** Whether the status is from 200 to 299. */
  get ok() {
    return this.status >= 200 && this.status < 300;
  }

  /**
   * The first header of this name, if it is there.
   * @param {string} name In lower case.
   * @returns {string | undefined}
   */
  header(name) {
    return this.headers.find(([header]) => header === name)?.[1];
  }

  /** The body as text; bytes that are not UTF-8 become `U+FFFD`. */
  text() {
    return decode(this.bytes);
  }

  /**
   * The body as JSON; `undefined` if it is not JSON.
   * @returns {any}
   */
  json() {
    try {
      return JSON.parse(this.text());
    } catch {
      return undefined;
    }
  }
}

/** The host's functions. */
export class Host {
  #imports;

  /** @param {Imports} imports */
  constructor(imports) {
    this.#imports = imports;
  }

  /**
   * Sends `request` and returns the answer, whatever its status.
   * @param {Request} request
   * @throws {SendError} When there is no answer.
   */
  send(request) {
    try {
      return new Response(this.#imports.send(plain(request)));
    } catch (error) {
      const { reason, requestSent } = payload(error);
      throw new SendError(reason, requestSent);
    }
  }

  /**
   * A fresh placeholder for the secret `name` (or its part, `NAME.PART`), good for one request.
   * @param {string} name
   * @throws {SecretError} When the secret is not declared or has no value.
   */
  reference(name) {
    try {
      return this.#imports.reference(name);
    } catch (error) {
      throw new SecretError(payload(error).tag);
    }
  }

  /**
   * Writes a line to the log that is shown beside the attempt.
   * @param {Level} level
   * @param {string} message
   */
  log(level, message) {
    this.#imports.write(level, String(message).toWellFormed());
  }
}

/**
 * What the host said against a call. A defect, such as a value of the wrong type, says nothing and is thrown on.
 * @param {any} error
 */
function payload(error) {
  if (error?.payload === undefined) throw error;
  return error.payload;
}

/**
 * The request in the contract's words.
 * @param {Request} request
 * @returns {import("campanile:channel/http@0.1.0").Request}
 */
function plain(request) {
  const { url, json, timeoutMs = 0 } = request;
  const body = json === undefined ? (request.body ?? "") : JSON.stringify(json);
  const { headers: given = {} } = request;
  const headers = Array.isArray(given) ? [...given] : Object.entries(given);
  if (json !== undefined && !headers.some(([name]) => name.toLowerCase() === "content-type")) {
    headers.push(["content-type", "application/json"]);
  }
  const bytes = typeof body === "string" ? encode(body) : body;
  return { method: request.method ?? (bytes.length > 0 ? "POST" : "GET"), url, headers, body: bytes, timeoutMs };
}
