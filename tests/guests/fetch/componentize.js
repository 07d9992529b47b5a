/** Makes the component: `node componentize.js WIT FILE.wasm`. */

import { readFileSync, renameSync, writeFileSync } from "node:fs";

import { componentize } from "@bytecodealliance/componentize-js";

const [witPath, target] = process.argv.slice(2);
const description = JSON.stringify(JSON.parse(readFileSync(new URL("describe.json", import.meta.url), "utf8")));
const source = readFileSync(new URL("plugin.js", import.meta.url), "utf8");
const { component } = await componentize(source.replace('"{{description}}"', () => JSON.stringify(description)), {
  witPath,
  worldName: "channel",
});
// Whoever waits for the file must never see half of it.
writeFileSync(`${target}.${process.pid}.tmp`, component);
renameSync(`${target}.${process.pid}.tmp`, target);
