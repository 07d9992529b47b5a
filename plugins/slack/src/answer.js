/**
 * What Slack's answer to a request means. Nearly every answer has status 200: `ok` and `error` say how it went.
 *
 * https://docs.slack.dev/apis/web-api/#responses, https://docs.slack.dev/apis/web-api/rate-limits
 */

import {
  Failure,
  contentRefused,
  misconfigured,
  oneLine,
  rateLimited,
  rejected,
  transient,
  truncate,
} from "../sdk/src/index.js";
import { meaning } from "./errors.js";

/** Most characters of a failure's sentence, and of each remark. */
const SENTENCE = 400;

/** Most remarks of an answer that are told. */
const REMARKS = 3;

/**
 * @typedef {object} Sent A message that Slack has. Both are empty if the answer does not say.
 * @property {string} ts Its timestamp, which is its id.
 * @property {string} channel The id of the channel it is in.
 * @property {string[]} warnings
 *
 * @typedef {{ sent: Sent, error: "", failure?: undefined } | { sent?: undefined, error: string, failure: Failure }} Answer
 */

/**
 * Whether the message is delivered, and if not, why. `error` is Slack's word for it.
 * @param {import("../sdk/src/index.js").Response} response
 * @returns {Answer}
 */
export function read(response) {
  const body = response.json() ?? {};
  if (response.ok && body.ok === true) {
    const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value : "");
    return { sent: { ts: text(body.ts), channel: text(body.channel), warnings: remarks(body) }, error: "" };
  }
  const error = typeof body.error === "string" ? body.error : "";
  return { error, failure: failure(response, error, body) };
}

/**
 * @param {import("../sdk/src/index.js").Response} response
 * @param {string} error
 * @param {any} body
 */
function failure(response, error, body) {
  const { status } = response;
  const detail = (/** @type {string} */ advice) => sentence(status, error, advice, body);
  if (status === 429) return rateLimited(wait(response), detail(""));
  if (error !== "") return refused(error, response, detail);
  // Slack's own pages and those of a proxy have no JSON.
  if (status >= 300 && status < 400) return misconfigured(detail("redirects are not followed; check `api-url`"));
  if (status === 401 || status === 403) return misconfigured(detail("check `bot-token` and `api-url`"));
  if (status === 503 && response.header("retry-after") !== undefined) return rateLimited(wait(response), detail(""));
  if (status === 413) return contentRefused(detail(""));
  if (response.ok || status === 408 || status >= 500) return transient(detail("the answer can't be read"));
  return rejected(detail(""));
}

/**
 * @param {string} error
 * @param {import("../sdk/src/index.js").Response} response
 * @param {(advice: string) => string} detail
 */
function refused(error, response, detail) {
  const { reason, advice } = meaning(error);
  const told = detail(advice);
  if (reason === "rate-limited") return rateLimited(wait(response), told);
  return new Failure({ tag: reason }, told);
}

/**
 * The milliseconds that Slack wants us to wait; 0 if it does not say. The header counts seconds.
 * @param {import("../sdk/src/index.js").Response} response
 */
function wait(response) {
  const seconds = Number(response.header("retry-after")?.trim() || 0);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}

/**
 * Status or error, advice, and Slack's own words.
 * @param {number} status
 * @param {string} error
 * @param {string} advice
 * @param {any} body
 */
function sentence(status, error, advice, body) {
  const scope = typeof body.needed === "string" ? [`needs the scope ${body.needed}`] : [];
  const parts = [advice, ...scope, ...remarks(body)].filter(Boolean);
  const what = error === "" ? `status ${status}` : error;
  return truncate(oneLine([`Slack answered ${what}`, ...parts].join("; ")), SENTENCE);
}

/**
 * What Slack remarks: why blocks are invalid, that a text was cut.
 * @param {any} body
 * @returns {string[]}
 */
function remarks(body) {
  const { messages, warnings } = body.response_metadata ?? {};
  const told = [messages, warnings].find((list) => Array.isArray(list) && list.length > 0) ?? [];
  const texts = told.filter((/** @type {unknown} */ remark) => typeof remark === "string").slice(0, REMARKS);
  return texts.map((/** @type {string} */ remark) => truncate(oneLine(remark), SENTENCE));
}
