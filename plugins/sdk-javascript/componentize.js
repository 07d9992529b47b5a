#!/usr/bin/env node
/**
 * Makes a component of the plugin in the current folder: of its `describe.json` and the `deliver` that `src/plugin.js` exports.
 *
 * Usage: `node sdk/componentize.js FILE.wasm`. The engine inside is QuickJS, by `componentize-qjs` of the plugin's own
 * `node_modules`. What modules do at their top level happens here, once, and is part of the component.
 */

import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ENTRY = realpathSync(fileURLToPath(import.meta.url));
const SDK = dirname(ENTRY);

/**
 * The component's own module, which nobody writes by hand.
 * @param {object} description
 * @param {string} project Absolute.
 */
function entry(description, project) {
  const path = (/** @type {string} */ file) => JSON.stringify(specifier(file));
  return `
    import { send } from "campanile:channel/http@0.1.0";
    import { write } from "campanile:channel/log@0.1.0";
    import { reference } from "campanile:channel/secrets@0.1.0";
    import { channel } from ${path(join(SDK, "src/index.js"))};
    import { deliver } from ${path(join(project, "src/plugin.js"))};

    export const plugin = channel({ description: ${JSON.stringify(description)}, deliver }, { send, write, reference });
  `;
}

/**
 * How the entry imports `file`.
 * @param {string} file
 */
function specifier(file) {
  const path = relative(SDK, file).split(sep).join("/");
  return path.startsWith(".") ? path : `./${path}`;
}

/**
 * The innermost folder that has both: all that a plugin may import lies below it.
 * @param {string} one
 * @param {string} other
 */
function common(one, other) {
  let folder = one;
  while (relative(folder, other).startsWith("..")) folder = dirname(folder);
  return folder;
}

/** @param {string} target */
async function build(target) {
  const project = realpathSync(process.cwd());
  const resolved = createRequire(join(project, "package.json")).resolve("componentize-qjs");
  const { componentize } = await import(pathToFileURL(resolved).href);
  const description = JSON.parse(readFileSync(join(project, "describe.json"), "utf8"));
  const { component } = await componentize({
    witPath: join(SDK, "wit"),
    world: "channel",
    jsSource: entry(description, project),
    // The entry's imports are looked up from here; a file has to be there.
    jsPath: ENTRY,
    moduleRoot: common(project, SDK),
    sync: true,
    optSize: true,
  });
  mkdirSync(dirname(target), { recursive: true });
  // Whoever watches the folder must never see half of a file.
  const unfinished = `${target}.${process.pid}.tmp`;
  writeFileSync(unfinished, Buffer.concat([component, language("JavaScript")]));
  renameSync(unfinished, target);
}

/**
 * The section that says what a component was written in: that of the engine says Rust
 * (https://github.com/WebAssembly/tool-conventions/blob/main/ProducersSection.md).
 * @param {string} name Short.
 */
function language(name) {
  const text = (/** @type {string} */ value) => Buffer.concat([Buffer.of(Buffer.byteLength(value)), Buffer.from(value)]);
  const [section, field] = [text("producers"), text("language")];
  const content = Buffer.concat([section, Buffer.of(1), field, Buffer.of(1), text(name), text("")]);
  return Buffer.concat([Buffer.of(0, content.length), content]);
}

const [target, ...more] = process.argv.slice(2);
if (target === undefined || more.length > 0) {
  console.error("usage: node sdk/componentize.js FILE.wasm");
  process.exit(2);
}
try {
  await build(resolve(target));
} catch (error) {
  // The compiler's messages begin with an empty name.
  console.error(error instanceof Error ? error.message.replace(/^[:\s]+/, "") : error);
  process.exit(1);
}
