// How pages look: on a phone, in the dark, without a script.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Browser, Dev, HOSTILE, live, until } from "./support.js";

const LONG = "a-device-with-a-very-long-name-".repeat(4);

let dev, browser, paths;

before(async () => {
  [dev, browser] = await Promise.all([Dev.start(), Browser.start()]);
  const event = await dev.publish(LONG.slice(0, 120), "INACTIVE", { reading: { text: `${"w".repeat(300)} ${HOSTILE}` } });
  const [telegram, discord] = await Promise.all([dev.caught(0, "family"), dev.caught(0, "ops")]);
  await dev.api("/api/events", "POST", { topic: "home/heating/status", "client-id": "x", payload: { status: "INACTIVE", device_id: "x" } });
  await dev.api("/api/faults", "PUT", { selector: "discord", fault: "500:times=3" });
  const deliveries = await until("the deliveries", async () => {
    const { deliveries } = await dev.api("/api/deliveries");
    return deliveries.length >= 2 && deliveries;
  });
  paths = [
    "/", "/events", `/events/${event}`, "/deliveries", `/deliveries/${encodeURIComponent(deliveries[0].id)}`, "/devices",
    `/devices/${encodeURIComponent(deliveries[0].device)}`, "/rules", "/rules/playground", "/faults", "/plugins", "/queues", "/latency", "/nowhere",
  ];
  for (const { id } of [telegram, discord]) {
    for (const tab of ["rendered", "request", "answer", "event", "log"]) paths.push(`/inbox/${id}?tab=${tab}`);
  }
});
after(async () => { await browser?.close(); await dev?.close(); });

for (const width of [360, 390, 768, 1280]) {
  test(`no page is wider than a window of ${width} pixels`, async () => {
    const page = await browser.open(dev, { viewport: { width, height: 780 } });
    for (const path of paths) {
      await page.goto(path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${path} is ${wide} pixels wide`);
    }
    // What is not there is an error in the console, and is meant to be.
    assert.deepEqual(page.wrong.filter((text) => !text.includes("404")), []);
    await page.context().close();
  });
}

test("on a phone a message is on a page of its own, with a way back", async () => {
  const page = await browser.open(dev, { viewport: { width: 390, height: 780 } });
  await page.goto("/inbox");
  await live(page);
  await page.locator("#messages .row").first().click();
  await page.locator(".detail > .back").click();
  await page.locator("#messages .row").first().waitFor();
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

test("it is dark if the system is, or if somebody wants it, also after a reload", async () => {
  const page = await browser.open(dev, { colorScheme: "dark" });
  await page.goto("/");
  const dark = await background(page);
  await page.emulateMedia({ colorScheme: "light" });
  const light = await background(page);
  assert.notEqual(dark, light);
  await page.locator("#theme").click();
  assert.equal(await page.locator("#theme").innerText(), "theme: light");
  await page.locator("#theme").click();
  assert.equal(await page.locator("#theme").innerText(), "theme: dark");
  assert.equal(await background(page), dark);
  await page.reload();
  assert.equal(await background(page), dark);
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("everything can be read without a script", async () => {
  const page = await browser.open(dev, { javaScriptEnabled: false });
  await page.goto("/inbox");
  await page.locator("#messages .row").first().click();
  await page.locator(".bubble, .discord").first().waitFor();
  await page.getByRole("tab", { name: "Request" }).click();
  await page.locator(".request-line").waitFor();
  await page.goto("/deliveries");
  await page.locator(".chips").getByText("delivered").click();
  await page.waitForURL("**/deliveries?status=delivered");
  await page.context().close();
});

test("what has the focus is seen, and everything has a name", async () => {
  const page = await browser.open(dev);
  for (const path of paths) {
    await page.goto(path);
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea")]
        .filter((element) => !(element.textContent.trim() || element.getAttribute("aria-label") || element.title || element.labels?.length || element.placeholder))
        .map((element) => element.outerHTML));
    assert.deepEqual(nameless, [], path);
  }
  await page.goto("/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid");
  await page.context().close();
});
