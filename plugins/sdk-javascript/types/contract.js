/**
 * The types of the contract as TypeScript sees them. `generate.js` writes them, a test holds them against the contract.
 */

import { readFileSync } from "node:fs";

import { $init, generateTypes } from "@bytecodealliance/jco-transpile/component";

await $init;

/**
 * The types of a plugin's imports and exports, as declarations of modules.
 * @param {string} wit
 */
export function declarations(wit) {
  const files = generateTypes("channel", {
    wit: { tag: "source", val: wit },
    world: "channel",
    features: { tag: "list", val: [] },
    guest: true,
  });
  const interfaces = files.filter(([name]) => name.startsWith("interfaces/"));
  const texts = interfaces.map(([, bytes]) => new TextDecoder().decode(bytes));
  const body = texts.join("\n").replace(/^\/\/\/ <reference .*\n/gm, "").replace(/[ \t]+$/gm, "");
  return `// Made of wit/channel.wit by types/generate.js: change that and run it.\n\n${body.trimEnd()}\n`;
}

/** The contract. */
export function contract() {
  return readFileSync(new URL("../wit/channel.wit", import.meta.url), "utf8");
}
