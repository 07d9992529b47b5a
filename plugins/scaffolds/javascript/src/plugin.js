/**
 * Channel plugin: posts notifications as JSON.
 *
 * Rendering and answers are apart from the request, so that each can be tested without the other.
 */

import { read } from "./answer.js";
import { text } from "./render.js";

/**
 * @typedef {object} Settings As `describe.json` describes them.
 * @property {string} url
 * @property {"truncate" | "refuse"} [overflow]
 */

/** @type {import("../sdk/src/channel.js").Deliver<Settings>} */
export function deliver(notification, settings, attempt, host) {
  const response = host.send({
    url: settings.url,
    headers: {
      authorization: `Bearer ${host.reference("api-key")}`,
      // The same on every attempt: the service can tell a repetition from news.
      "idempotency-key": attempt.deliveryId,
    },
    json: { text: text(notification, attempt.presentation, settings.overflow), severity: notification.severity },
  });
  return { messageId: read(response) };
}
