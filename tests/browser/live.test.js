// What happens is on the page without a reload, also after the server was away.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { Browser, Dev, live } from "./support.js";

let dev, browser, page;

before(async () => { [dev, browser] = await Promise.all([Dev.start(), Browser.start()]); });
after(async () => { await browser?.close(); await dev?.close(); });
beforeEach(async () => { page = await browser.open(dev); });
afterEach(async () => {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

/** Marks the document: a reload would lose it. */
const mark = () => page.evaluate(() => { window.isSame = true; });
const isSame = () => page.evaluate(() => window.isSame === true);

test("a caught message appears in the inbox without reload", async () => {
  await page.goto("/inbox");
  await live(page);
  await mark();
  const after = await dev.last();
  await dev.publish("live-1", "INACTIVE");
  const message = await dev.caught(after, "family");
  const row = page.locator(`#m${message.id}`);
  await row.waitFor();
  assert.match(await row.innerText(), /live-1/);
  await row.locator("a").click();
  await page.locator(".telegram .bubble").waitFor();
  assert.match(await page.locator(".telegram .bubble").innerText(), /live-1/);
  assert.ok(await isSame(), "nothing was loaded again");
});

test("an event shows its rules and deliveries as they come", async () => {
  await page.goto("/events");
  await live(page);
  await mark();
  const id = await dev.publish("live-2", "INACTIVE");
  const row = page.locator(`#e${id}`);
  await row.getByText("family delivered").waitFor();
  await row.getByText("ops delivered").waitFor();
  assert.match(await row.innerText(), /HotRule selected/);
  assert.ok(await isSame());
});

test("what somebody writes and has opened stays while the page changes", async () => {
  await page.goto("/events");
  await live(page);
  await page.getByText("Publish an event").click();
  const topic = page.locator(".publish input[name=topic]");
  await topic.fill("my/own/topic");
  const id = await dev.publish("live-3", "INACTIVE");
  await page.locator(`#e${id}`).getByText("ops delivered").waitFor();
  assert.equal(await topic.inputValue(), "my/own/topic");
  assert.ok(await topic.evaluate((input) => input === document.activeElement), "the focus stays");
});

test("a recovery edits the alert, and the text before is there", async () => {
  const after = await dev.last();
  await dev.publish("live-4", "INACTIVE");
  const alert = await dev.caught(after, "family");
  await page.goto(`/inbox/${alert.id}`);
  await live(page);
  await dev.publish("live-4", "ACTIVE");
  await page.getByText("People see another text by now").waitFor();
  await page.getByRole("link", { name: /edits it/ }).click();
  await page.locator(".telegram .edited").waitFor();
  const earlier = page.locator("details.earlier");
  assert.equal(await earlier.locator(".bubble").isVisible(), false);
  await earlier.locator("summary").click();
  assert.match(await earlier.locator(".bubble").innerText(), /INACTIVE/);
});

test("the page connects again and catches up when the server was away", async () => {
  await page.goto("/events");
  await live(page);
  await mark();
  await dev.stop();
  await page.locator("#live.lost").waitFor();
  assert.match(await page.locator("#live").innerText(), /connecting again/);
  await dev.run();
  const id = await dev.publish("live-5", "INACTIVE");
  await live(page);
  await page.locator(`#e${id}`).getByText("family delivered").waitFor();
  assert.ok(await isSame());
  // The browser says that the server was away; nothing else was wrong.
  page.wrong = page.wrong.filter((text) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/.test(text));
});
