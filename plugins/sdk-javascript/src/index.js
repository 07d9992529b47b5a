/**
 * What a Campanile channel plugin in JavaScript imports: failures to throw, text within limits, and the types of the contract.
 *
 * A plugin is a module that exports `deliver(notification, settings, attempt, host)`, and a `describe.json`; `componentize.js`
 * makes the component of both. All I/O goes through `host`, so that the same code runs in Node.js against `testing.js`.
 * Nothing here knows any provider.
 */

export { channel } from "./channel.js";
export { Failure, contentRefused, failureOf, misconfigured, rateLimited, rejected, transient } from "./failure.js";
export { Host, Response, SecretError, SendError } from "./host.js";
export { fromHtml, fromText, joinRuns, plainText, splitRuns, trimRuns, truncateRuns } from "./runs.js";
export { bytes, characters, clean, isBlank, oneLine, truncate, utf16 } from "./text.js";
export { decode, encode } from "./utf8.js";

/**
 * @typedef {import("campanile:channel/types@0.1.0").Notification} Notification
 * @typedef {import("campanile:channel/types@0.1.0").Attempt} Attempt
 * @typedef {import("campanile:channel/types@0.1.0").Receipt} Receipt
 * @typedef {import("campanile:channel/types@0.1.0").Reason} Reason
 * @typedef {import("campanile:channel/types@0.1.0").Presentation} Presentation
 * @typedef {import("campanile:channel/types@0.1.0").Severity} Severity
 * @typedef {import("./host.js").Request} Request
 * @typedef {import("./runs.js").Run} Run
 * @typedef {import("./runs.js").Style} Style
 */

/**
 * @template {object} Settings
 * @typedef {import("./channel.js").Deliver<Settings>} Deliver
 */
