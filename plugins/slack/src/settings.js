/**
 * The channel's settings, as `describe.json` describes them. What is not set has the default that is said there.
 */

/**
 * @typedef {object} Settings
 * @property {string} channel
 * @property {string} [thread-ts]
 * @property {boolean} [thread-updates]
 * @property {string[]} [mention-users]
 * @property {string[]} [mention-groups]
 * @property {"no" | "here" | "channel" | "everyone"} [mention-everyone]
 * @property {string} [username]
 * @property {string} [icon-emoji]
 * @property {string} [icon-url]
 * @property {boolean} [link-preview]
 * @property {"truncate" | "split"} [overflow]
 * @property {string} [api-url]
 */

/** Where the Web API is. */
export const API_URL = "https://slack.com";
