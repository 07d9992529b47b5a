/** What people see. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { characters } from "../sdk/src/index.js";
import { notification } from "../sdk/src/testing.js";
import { text } from "../src/render.js";

test("title, body and facts are lines, and the simplest message is the title", () => {
  const full = notification({ title: "Boiler", body: "<b>off</b> &amp; cold", bodyFormat: "html", fields: [{ name: "Flow", value: "0" }] });
  assert.equal(text(full, "rich"), "Boiler\noff & cold\nFlow: 0");
  assert.equal(text(full, "plain"), "Boiler\noff & cold\nFlow: 0");
  assert.equal(text(full, "minimal"), "Boiler");
});

test("long text is cut, or refused where that was asked for", () => {
  const long = notification({ body: "😀".repeat(3000) });
  assert.equal(characters(text(long, "rich")), 2000);
  assert.throws(() => text(long, "rich", "refuse"), /more than 2000 characters/);
  assert.equal(text(long, "minimal", "refuse"), "home-heating: INACTIVE");
});
