/**
 * The exports of world `channel`, made of a plugin's description and its `deliver`.
 */

import { failureOf } from "./failure.js";
import { Host } from "./host.js";

/**
 * @template {object} Settings
 * @callback Deliver Makes one attempt.
 * @param {import("campanile:channel/types@0.1.0").Notification} notification
 * @param {Settings} settings The channel's settings, as the description's schema allows them.
 * @param {import("campanile:channel/types@0.1.0").Attempt} attempt
 * @param {Host} host
 * @returns {Partial<import("campanile:channel/types@0.1.0").Receipt>} What is left out is empty.
 * @throws {import("./failure.js").Failure} Its reason tells the host what to do next.
 */

/**
 * The interface `plugin` of the contract.
 * @template {object} Settings
 * @param {object} plugin
 * @param {object} plugin.description What `describe` returns.
 * @param {Deliver<Settings>} plugin.deliver
 * @param {import("./host.js").Imports | Host} host
 * @returns {typeof import("campanile:channel/plugin@0.1.0")}
 */
export function channel({ description, deliver }, host) {
  const json = JSON.stringify(description);
  const connected = host instanceof Host ? host : new Host(host);
  return {
    describe: () => json,
    deliver(notification, settingsJson, attempt) {
      // Engines disagree whether a missing value is `null` or `undefined`.
      const told = { ...attempt, earlier: attempt.earlier ?? undefined };
      try {
        return receipt(deliver(notification, JSON.parse(settingsJson), told, connected));
      } catch (thrown) {
        const { reason, detail, resume } = failureOf(thrown);
        throw { reason, detail: detail.toWellFormed(), resume: resume.toWellFormed() };
      }
    },
  };
}

/**
 * The whole receipt.
 * @param {Partial<import("campanile:channel/types@0.1.0").Receipt>} receipt
 */
function receipt(receipt) {
  if (typeof (/** @type {any} */ (receipt)?.then) === "function") {
    throw new TypeError("`deliver` must not be async: the host's functions answer at once");
  }
  const { messageId = "", target = "", warnings = [] } = receipt ?? {};
  const text = (/** @type {unknown} */ value) => String(value).toWellFormed();
  return { messageId: text(messageId), target: text(target), warnings: warnings.map(text) };
}
