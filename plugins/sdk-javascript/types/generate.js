#!/usr/bin/env node
/**
 * Writes `channel.d.ts` from the contract.
 */

import { writeFileSync } from "node:fs";

import { contract, declarations } from "./contract.js";

writeFileSync(new URL("channel.d.ts", import.meta.url), declarations(contract()));
