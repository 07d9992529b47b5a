/** The same as the platform's encoder and decoder, which plugins have not. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { decode, encode } from "../src/index.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

test("text is encoded as the platform does it", () => {
  for (const text of ["", "ascii", "äя€😀", "\u0000\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}", "\ud800", "\udc00x", "\ud83dx\ude00"]) {
    assert.deepEqual(encode(text), encoder.encode(text));
  }
});

test("bytes are decoded as the platform does it", () => {
  const rows = [
    [],
    [0xef, 0xbb, 0xbf, 0x61],
    [0x61, 0xef, 0xbb, 0xbf],
    [0xc0, 0x80],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80],
    [0xe2, 0x82],
    [0xe2, 0x82, 0x41],
    [0xf0, 0x9f, 0x98],
    [0xff, 0x80, 0x41],
  ];
  for (const row of rows) assert.equal(decode(Uint8Array.from(row)), decoder.decode(Uint8Array.from(row)), String(row));
});

test("any bytes are decoded as the platform does it", () => {
  // A linear congruential generator: the same bytes in every run.
  let state = 1;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  const lead = [0x41, 0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0x80, 0xbf, 0xef, 0xbb];
  for (let round = 0; round < 5000; round += 1) {
    const row = Uint8Array.from({ length: next() % 12 }, () => (next() & 1 ? (next() >>> 8) & 0xff : lead[(next() >>> 8) % lead.length] ?? 0));
    assert.equal(decode(row), decoder.decode(row), String(row));
  }
});

test("long text is the same after a way through bytes", () => {
  const text = "я😀".repeat(50_000);
  assert.equal(decode(encode(text)), text);
});
