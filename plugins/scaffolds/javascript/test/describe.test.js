/** The description is what the host reads. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

/** @param {string} file */
const json = (file) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));

test("the version is that of the package", () => {
  assert.equal(json("describe.json").version, json("package.json").version);
});

test("every setting is described", () => {
  for (const [name, setting] of Object.entries(json("describe.json").settings.properties)) {
    assert.equal(typeof setting.description, "string", name);
  }
});
