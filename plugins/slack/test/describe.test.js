/** The description is what the host reads, and it accepts and refuses what it should. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Ajv2020 } from "ajv/dist/2020.js";

import { USER_AGENT } from "../src/request.js";
import { API_URL } from "../src/settings.js";

/** @param {string} file */
const json = (file) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));

const description = json("describe.json");
const accepts = new Ajv2020({ strictRequired: false }).compile(description.settings);
const channel = "C0123456789";

test("the version is that of the package", () => {
  assert.equal(description.version, json("package.json").version);
  assert.equal(USER_AGENT, `Campanile/${description.version}`);
  assert.equal(description.name, "slack");
});

test("every setting is described, and its examples and defaults are accepted", () => {
  for (const [name, setting] of Object.entries(description.settings.properties)) {
    assert.equal(typeof setting.description, "string", name);
    const values = [...(setting.examples ?? []), ...("default" in setting ? [setting.default] : [])];
    assert.ok(values.length > 0, name);
    for (const value of values) assert.ok(accepts({ channel, [name]: value }), `${name} ${value}`);
  }
  assert.equal(description.settings.properties["api-url"].default, API_URL);
});

test("settings are refused before a delivery fails on them", () => {
  for (const settings of [
    {},
    { channel: "boilers" },
    { channel: "#two words" },
    { channel: "#Boilers" },
    { channel: "C012345" },
    { channel: "c0123456789" },
    { channel, unknown: 1 },
    { channel, "thread-ts": "1763870706" },
    { channel, "thread-updates": "yes" },
    { channel, "mention-users": ["joe"] },
    { channel, "mention-users": ["U0123456789", "U0123456789"] },
    { channel, "mention-groups": ["U0123456789"] },
    { channel, "mention-groups": Array.from({ length: 11 }, (_, at) => `S00000000${at}`) },
    { channel, "mention-everyone": "all" },
    { channel, username: "" },
    { channel, username: "u".repeat(81) },
    { channel, "icon-emoji": "bell" },
    { channel, "icon-url": "ftp://example.com/a.png" },
    { channel, "icon-emoji": ":bell:", "icon-url": "https://example.com/a.png" },
    { channel, overflow: "upstream" },
    { channel, "api-url": "slack.com" },
    { channel, "api-url": "https://user@slack.com" },
  ]) {
    assert.ok(!accepts(settings), JSON.stringify(settings));
  }
});

test("the token is one of a bot", () => {
  const [secret] = description.secrets;
  const pattern = new RegExp(secret.pattern);
  for (const token of [secret.example, "xoxe.xoxb-1-ABCdef-0123456789"]) assert.match(token, pattern);
  for (const token of ["xoxp-0000000000-user", "xapp-1-A0-0123456789", "Bearer xoxb-0000000000", "xoxb-00000 00000"]) {
    assert.doesNotMatch(token, pattern);
  }
});
