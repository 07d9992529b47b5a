/** What the README shows works as it stands there. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SDK = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(SDK, "README.md"), "utf8");
const [plugin = "", its = ""] = [...readme.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code ?? "");

/** @param {(folder: string) => void} use */
function project(use) {
  const folder = mkdtempSync(join(tmpdir(), "campanile-"));
  try {
    for (const part of ["src", "test"]) mkdirSync(join(folder, part));
    symlinkSync(SDK, join(folder, "sdk"), "dir");
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "src/plugin.js"), plugin);
    writeFileSync(join(folder, "test/plugin.test.js"), its);
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} folder
 * @param {string[]} command
 */
function succeeds(folder, command) {
  // The runner of this test must not take the inner one for its own child.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: "utf8", timeout: 60_000 });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

test("the test of the README passes on the plugin of the README", () => {
  assert.match(plugin, /export function deliver/);
  assert.match(its, /^test\(/m);
  project((folder) => succeeds(folder, ["--test", "test/plugin.test.js"]));
});

test("their types are right", () => {
  project((folder) => {
    cpSync(join(SDK, "jsconfig.json"), join(folder, "jsconfig.json"));
    symlinkSync(join(SDK, "node_modules"), join(folder, "node_modules"), "dir");
    const config = JSON.parse(readFileSync(join(folder, "jsconfig.json"), "utf8"));
    config.include = ["src/*.js", "test/*.js", "sdk/types/channel.d.ts"];
    writeFileSync(join(folder, "jsconfig.json"), JSON.stringify(config));
    succeeds(folder, [join(SDK, "node_modules/typescript/bin/tsc"), "-p", "jsconfig.json"]);
  });
});
