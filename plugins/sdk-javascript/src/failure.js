/**
 * Why an attempt did not deliver: what a plugin throws. The reason decides what the host does next.
 */

import { SecretError, SendError } from "./host.js";

/** Most of a `u32`: what the contract counts milliseconds in. */
const MAX_MILLISECONDS = 0xffffffff;

/** An attempt that did not deliver. */
export class Failure extends Error {
  /**
   * @param {import("campanile:channel/types@0.1.0").Reason} reason
   * @param {string} detail One sentence for the operator, with the provider's own words.
   * @param {string} [resume] What the next attempt goes on from; at most 4 KiB.
   */
  constructor(reason, detail, resume = "") {
    super(detail);
    this.name = "Failure";
    this.reason = reason;
    this.resume = resume;
  }

  /** One sentence for the operator. */
  get detail() {
    return this.message;
  }

  /**
   * The same failure, with something for the next attempt to go on from.
   * @param {string} resume At most 4 KiB.
   */
  resuming(resume) {
    return new Failure(this.reason, this.detail, resume);
  }
}

/**
 * The provider asked to wait.
 * @param {number} milliseconds Rounded up; 0 if it did not say how long.
 * @param {string} detail
 * @param {string} [resume]
 */
export function rateLimited(milliseconds, detail, resume) {
  const wait = Math.ceil(Number(milliseconds)) || 0;
  return new Failure({ tag: "rate-limited", val: Math.min(Math.max(wait, 0), MAX_MILLISECONDS) }, detail, resume);
}

/**
 * It may work later without any change.
 * @param {string} detail
 * @param {string} [resume]
 */
export const transient = (detail, resume) => new Failure({ tag: "transient" }, detail, resume);

/**
 * The provider refuses this content; a simpler presentation may pass.
 * @param {string} detail
 * @param {string} [resume]
 */
export const contentRefused = (detail, resume) => new Failure({ tag: "content-refused" }, detail, resume);

/**
 * It will never work for this message.
 * @param {string} detail
 * @param {string} [resume]
 */
export const rejected = (detail, resume) => new Failure({ tag: "rejected" }, detail, resume);

/**
 * It will never work until somebody changes settings, secrets or grants.
 * @param {string} detail
 * @param {string} [resume]
 */
export const misconfigured = (detail, resume) => new Failure({ tag: "misconfigured" }, detail, resume);

/**
 * The failure that a thrown value stands for: a {@link Failure} is itself, the host's errors become one.
 *
 * Anything else is a defect of the plugin and thrown on: the host then shows its stack beside the attempt.
 * @param {unknown} thrown
 * @returns {Failure}
 */
export function failureOf(thrown) {
  if (thrown instanceof Failure) return thrown;
  if (thrown instanceof SendError) return sendFailure(thrown);
  if (thrown instanceof SecretError) return misconfigured(thrown.message);
  throw thrown;
}

/** @param {SendError} error */
function sendFailure({ reason, requestSent, message }) {
  switch (reason.tag) {
    case "denied":
      return misconfigured(message);
    case "invalid":
      return rejected(message);
    case "too-large":
      // A request that did not leave carries too much: a simpler presentation may fit.
      return requestSent ? transient(message) : contentRefused(message);
    default:
      return transient(message);
  }
}
