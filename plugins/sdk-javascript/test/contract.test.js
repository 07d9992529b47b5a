/** The type definitions are those of the contract. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { contract, declarations } from "../types/contract.js";

const written = readFileSync(new URL("../types/channel.d.ts", import.meta.url), "utf8");

test("the type definitions are what `npm run generate` makes of the contract", () => {
  assert.equal(written, declarations(contract()));
});

test("a change of the contract changes them", () => {
  const changed = contract().replace("device-id: string", "device-name: string");
  assert.notEqual(declarations(changed), written);
});
