// Makes the pictures of the README from a real run: `node tests/browser/screenshots.js`, after `tests/run` has built and installed.

import { mkdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { Browser, Dev, live, until } from "./support.js";

const FOLDER = join(resolve(dirname(fileURLToPath(import.meta.url)), "../.."), "docs/images");

/** The most bytes of a picture: a README is read over slow lines too. */
const LARGEST = 200 * 1024;

async function picture(page, name) {
  const path = join(FOLDER, `${name}.png`);
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
  const { size } = statSync(path);
  if (size > LARGEST) throw new Error(`${path} has ${size} bytes; it may have ${LARGEST}`);
  console.log(`${path}: ${Math.ceil(size / 1024)} KiB`);
}

mkdirSync(FOLDER, { recursive: true });
const [dev, browser] = await Promise.all([Dev.start({ keeps: false }), Browser.start()]);
try {
  const page = await browser.open(dev, { viewport: { width: 1180, height: 700 }, colorScheme: "light" });
  await dev.publish("cellar-pump", "INACTIVE", { reading: { pressure: 0.2, unit: "bar" } });
  await dev.caught(0, "ops");
  await dev.api("/api/faults", "PUT", { selector: "telegram", fault: "500:times=2" });
  const before = await dev.last();
  await dev.publish("home-heating", "INACTIVE", { reading: { flow: 0.0, temperature: 17.5, unit: "°C" } });
  await until("the delivery", async () =>
    (await dev.api("/api/deliveries?device=home-heating&channel=family&status=delivered")).deliveries.length === 1);
  const told = (await dev.api(`/api/inbox?after=${before}&channel=family`)).messages.find((message) => message.shown);
  await page.goto(`/inbox/${told.id}`);
  await live(page);
  await picture(page, "inbox");
  await page.goto(`/deliveries/${encodeURIComponent(told.delivery)}`);
  await live(page);
  await picture(page, "delivery");
} finally {
  await browser.close();
  await dev.close();
}
