/**
 * Turns a notification into the text to send. Nothing here knows about requests.
 */

import { clean, contentRefused, fromHtml, oneLine, plainText, truncate, characters } from "../sdk/src/index.js";

/** Most characters of a message. */
const TEXT = 2000;

/**
 * What people see.
 * @param {import("../sdk/src/index.js").Notification} notification
 * @param {import("../sdk/src/index.js").Presentation} presentation
 * @param {"truncate" | "refuse"} [overflow]
 */
export function text(notification, presentation, overflow = "truncate") {
  const { title, body, bodyFormat, fields } = notification;
  const lines = [oneLine(title)];
  if (presentation !== "minimal") {
    lines.push(bodyFormat === "html" ? plainText(fromHtml(body)) : clean(body));
    lines.push(...fields.map(({ name, value }) => `${oneLine(name)}: ${clean(value)}`));
  }
  const text = lines.filter(Boolean).join("\n");
  if (overflow === "refuse" && presentation !== "minimal" && characters(text) > TEXT) {
    throw contentRefused(`the text has more than ${TEXT} characters`);
  }
  return truncate(text, TEXT);
}
