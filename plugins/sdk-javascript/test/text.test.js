/** Text within limits, in every measure. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, characters, clean, isBlank, oneLine, truncate, utf16 } from "../src/index.js";

test("truncation is by code points with the limit inclusive", () => {
  assert.equal(truncate("яяя", 3), "яяя");
  assert.equal(truncate("😀😀😀😀", 3), "😀😀…");
  assert.equal(truncate("ab", 1), "…");
  assert.equal(truncate("ab", 0), "");
});

test("no measure cuts a character in two", () => {
  for (const measure of [characters, utf16, bytes]) {
    for (let limit = 0; limit < 30; limit += 1) {
      const cut = truncate("a😀я€😀😀 ende", limit, measure);
      assert.ok(measure(cut) <= limit && cut.isWellFormed(), `${limit}: ${cut}`);
    }
  }
  assert.equal(truncate("😀😀😀", 5, utf16), "😀😀…");
  assert.equal(truncate("😀😀", 7, bytes), "😀…");
});

test("measures are those of the platform", () => {
  const text = "a\u00e9€😀\ud800";
  assert.deepEqual([characters(text), utf16(text)], [5, 6]);
  assert.equal(bytes(text), Buffer.byteLength(text));
});

test("control characters are replaced and line ends made one kind", () => {
  assert.equal(clean("a\r\nb\rc\u2028d\te"), "a\nb\nc\nd\te");
  assert.equal(clean("a\0b\u001b[31mc\u0085"), "a\uFFFDb\uFFFD[31mc\uFFFD");
  assert.equal(clean("boiler\u202Elanigiro"), "boilerlanigiro");
  assert.equal(clean("half \ud83d"), "half \uFFFD");
});

test("one line has no line ends and no white space around", () => {
  assert.equal(oneLine("  Heating\r\n\tis  off\n"), "Heating is off");
});

test("text without anything to see is blank", () => {
  assert.ok(isBlank(" \n\t\u00A0\u200B\uFEFF\u2800"));
  assert.ok(!isBlank("\u200B."));
});
