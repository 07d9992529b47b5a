/** What becomes a component, and what is said of what does not. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SDK = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs the compiler in a project of these files.
 * @param {Record<string, string>} files
 * @param {string[]} args
 */
function componentize(files, args) {
  const folder = mkdtempSync(join(tmpdir(), "campanile-"));
  try {
    mkdirSync(join(folder, "src"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    symlinkSync(join(SDK, "node_modules"), join(folder, "node_modules"), "dir");
    const command = [join(SDK, "componentize.js"), ...args];
    const { status, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8", timeout: 120_000 });
    const written = readdirSync(folder).filter((name) => name.includes(".wasm"));
    return { status, stderr, written, component: written.length === 1 ? readFileSync(join(folder, written[0] ?? "")) : undefined };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const description = JSON.stringify({ "describe-version": 1, name: "it's \u2028 `x`" });
const plugin = 'import { word } from "./word.js"; export const deliver = () => ({ messageId: word });';

test("a plugin of several modules becomes a component that imports the contract", () => {
  const { status, stderr, component } = componentize(
    { "describe.json": description, "src/plugin.js": plugin, "src/word.js": 'export const word = "w";' },
    ["out.wasm"],
  );
  assert.equal(status, 0, stderr);
  // The version of components in their binary format, which core modules have not.
  assert.deepEqual([...(component?.subarray(0, 8) ?? [])], [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0]);
  for (const name of ["http", "log", "secrets", "plugin"]) assert.ok(component?.includes(`campanile:channel/${name}@0.1.0`), name);
});

test("what is no plugin is told, and leaves nothing behind", () => {
  /** @type {[Record<string, string>, RegExp][]} */
  const rows = [
    [{ "src/plugin.js": plugin }, /describe\.json/],
    [{ "describe.json": "{", "src/plugin.js": plugin }, /JSON/],
    [{ "describe.json": description }, /plugin\.js/],
    [{ "describe.json": description, "src/plugin.js": plugin }, /word\.js/],
    [{ "describe.json": description, "src/plugin.js": "export const deliver = ;" }, /at \S*\/src\/plugin\.js:1/],
    [{ "describe.json": description, "src/plugin.js": "export const other = 1;" }, /deliver/],
  ];
  for (const [files, words] of rows) {
    const { status, stderr, written } = componentize(files, ["out.wasm"]);
    assert.deepEqual([status, written], [1, []], stderr);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /^\s*:/);
  }
});

test("the usage is told", () => {
  for (const args of [[], ["a.wasm", "b.wasm"]]) {
    const { status, stderr } = componentize({}, args);
    assert.deepEqual([status, stderr], [2, "usage: node sdk/componentize.js FILE.wasm\n"]);
  }
});
