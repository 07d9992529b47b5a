/**
 * What the service's answer means.
 */

import { contentRefused, misconfigured, oneLine, rateLimited, rejected, transient, truncate } from "../sdk/src/index.js";

/** Most characters of the service's own words. */
const WORDS = 200;

/**
 * The id of the message; empty if the service gives none.
 * @param {import("../sdk/src/index.js").Response} response
 * @returns {string}
 */
export function read(response) {
  if (response.ok) return String(response.json()?.id ?? "");
  const words = truncate(oneLine(response.text()), WORDS);
  const detail = `the service answered ${response.status}${words === "" ? "" : `: ${words}`}`;
  switch (response.status) {
    case 400:
    case 413:
    case 422:
      throw contentRefused(detail);
    case 401:
    case 403:
    case 404:
      throw misconfigured(detail);
    case 429:
      throw rateLimited(1000 * Number(response.header("retry-after") ?? 0), detail);
    default:
      throw response.status >= 500 || response.status === 408 ? transient(detail) : rejected(detail);
  }
}
