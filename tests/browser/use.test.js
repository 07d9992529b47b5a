// What people do on the page: look, filter, try rules, break providers, send again, by mouse and by keyboard.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";

import { Browser, Dev, HOSTILE, live, until } from "./support.js";

let dev, browser, page;

before(async () => { [dev, browser] = await Promise.all([Dev.start(), Browser.start()]); });
after(async () => { await browser?.close(); await dev?.close(); });
beforeEach(async () => { page = await browser.open(dev); });
afterEach(async () => {
  await dev.api("/api/faults", "DELETE");
  assert.deepEqual(page.wrong, []);
  await page.context().close();
});

test("the sample button leads to the first caught message", async () => {
  await page.goto("/");
  await live(page);
  await page.getByText("Nothing caught yet").waitFor();
  await page.getByRole("button", { name: "Publish a sample" }).click();
  await page.locator("#messages .row").first().waitFor();
  await page.getByText(/published: event \d+/).waitFor();
});

test("every tab of a message shows its part", async () => {
  const after = await dev.last();
  await dev.publish("tabs", "INACTIVE");
  const message = await dev.caught(after, "family");
  await until("the end of the delivery", async () =>
    (await dev.api("/api/deliveries?device=tabs&status=delivered&channel=family")).deliveries.length === 1);
  await page.goto(`/inbox/${message.id}`);
  const panel = page.locator(".panel");
  assert.match(await panel.locator(".bubble").innerText(), /tabs/);
  await page.getByRole("tab", { name: "Request" }).click();
  await panel.getByText("/sendMessage").waitFor();
  assert.match(await panel.innerText(), /bot…\/sendMessage/, "the token is masked");
  await page.getByRole("tab", { name: "Answer" }).click();
  await panel.getByText("message_id").first().waitFor();
  await page.getByRole("tab", { name: "Event" }).click();
  await panel.getByText('"device_id"').waitFor();
  await page.getByRole("tab", { name: "Guest log" }).click();
  await panel.getByText(/logged nothing|info|debug/).waitFor();
  await page.goBack();
  await panel.getByText('"device_id"').waitFor();
});

test("channels filter the inbox and states filter the deliveries", async () => {
  const after = await dev.last();
  await dev.publish("filters", "INACTIVE");
  await Promise.all([dev.caught(after, "family"), dev.caught(after, "ops")]);
  await page.goto("/inbox");
  await page.locator(".chips").getByText("ops").click();
  await page.waitForURL("**/inbox?channel=ops");
  const names = await page.locator("#messages .row b").allInnerTexts();
  assert.ok(names.length > 0 && names.every((name) => name === "ops"), `${names}`);
  await page.goto("/deliveries");
  await page.locator(".chips").getByText("delivered").click();
  await page.waitForURL("**/deliveries?status=delivered");
  const states = await page.locator("#deliveries .tag").allInnerTexts();
  assert.ok(states.length > 0 && states.every((state) => state === "delivered"), `${states}`);
  await page.locator("input[name=device]").fill("nobody");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByText("None of these").waitFor();
});

test("the playground tells the output, why not, and where the mistake is", async () => {
  await page.goto("/rules/playground");
  const answer = page.locator("#answer");
  const evaluate = async (sql, payload) => {
    await page.locator("textarea[name=sql]").fill(sql);
    await page.locator("textarea[name=payload]").fill(payload);
    await page.getByRole("button", { name: "Evaluate" }).click();
  };
  await evaluate("SELECT status FROM 'home/heating/status' WHERE status = 'INACTIVE'", '{"status":"INACTIVE"}');
  await answer.locator("[data-outcome]", { hasText: "selected" }).waitFor();
  assert.match(await answer.innerText(), /"status": "INACTIVE"/);
  await evaluate("SELECT status FROM 'home/heating/status' WHERE status = 'INACTIVE'", '{"status":"ACTIVE"}');
  await answer.locator("[data-outcome]", { hasText: "condition not true" }).waitFor();
  assert.match(await answer.locator(".reasons").innerText(), /status = 'INACTIVE' false/);
  await evaluate("SELECT status FRM 'home/heating/status'", "{}");
  await answer.locator("[data-outcome]", { hasText: "can't be read" }).waitFor();
  assert.equal(await answer.locator("mark").first().innerText(), "FRM");
  assert.match(await answer.innerText(), /line 1, column 15/);
});

test("a fault that is set leads to retries on the timeline", async () => {
  await page.goto("/faults");
  await page.locator("select[name=selector]").selectOption("telegram");
  await page.locator("[data-key=status]").fill("500");
  await page.locator("[data-key=times]").fill("2");
  assert.equal(await page.locator("input[name=fault]").inputValue(), "500:times=2");
  await page.getByRole("button", { name: "Set", exact: true }).click();
  await page.locator("#faults").getByText("500:times=2").waitFor();
  await dev.publish("broken", "INACTIVE");
  await page.goto("/deliveries?channel=family&device=broken");
  await page.locator("#deliveries .row").click();
  await live(page);
  await page.locator(".bar .tag", { hasText: "delivered" }).waitFor();
  const outcomes = await page.locator(".timeline .outcome .tag").allInnerTexts();
  assert.deepEqual(outcomes, ["transient", "transient", "delivered"]);
  const bars = await page.locator(".timeline rect:not(.wait)").evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("x"))));
  assert.ok(bars[0] < bars[1] && bars[1] < bars[2], `${bars}`);
  await page.locator(".timeline a").first().click();
  await page.getByText("The provider answered 500").waitFor();
});

test("a wait is seen while it lasts", async () => {
  await dev.api("/api/faults", "PUT", { selector: "discord", fault: "429:retry-after=4:times=1" });
  await dev.publish("waiting", "INACTIVE");
  await page.goto("/deliveries?device=waiting&channel=ops");
  await page.locator("#deliveries .row").click();
  await page.locator(".timeline .outcome .tag", { hasText: "rate-limited" }).waitFor();
  await page.locator(".bar .tag", { hasText: "delivered" }).waitFor();
});

test("an event is replayed and nobody is told twice", async () => {
  const after = await dev.last();
  const id = await dev.publish("replayed", "INACTIVE");
  await dev.caught(after, "ops");
  await page.goto(`/events/${id}`);
  await page.getByRole("button", { name: "Replay" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/events/") && !url.pathname.endsWith(`/${id}`));
  await page.getByText("replay of").waitFor();
  await page.getByText(/HotRule/).first().waitFor();
  await until("the report", async () => {
    const { events } = await dev.api("/api/events?device=replayed");
    return events.length === 2 && events.every((event) => event.verdicts.some((verdict) => verdict.actions.some((action) => action.report)));
  });
  assert.equal((await dev.api("/api/deliveries?device=replayed")).deliveries.length, 2);
});

test("what was rejected is sent again by hand", async () => {
  const refused = JSON.stringify({ ok: false, error_code: 403, description: "Forbidden: bot was kicked from the group chat" });
  await dev.api("/api/faults", "PUT", { selector: "telegram", fault: `403:times=20:body=${refused}` });
  await dev.publish("resent", "INACTIVE");
  await page.goto("/deliveries?device=resent&channel=family");
  await page.locator("#deliveries .tag", { hasText: /rejected|dead-letter/ }).waitFor();
  await dev.api("/api/faults", "DELETE");
  await page.locator("#deliveries .row").click();
  await page.getByRole("button", { name: "Resend" }).click();
  await page.locator(".bar .tag", { hasText: "delivered" }).waitFor();
  await page.getByText("sent again by hand").waitFor();
});

test("a payload that lies about its device is flagged", async () => {
  const body = { topic: "home/heating/status", "client-id": "honest", payload: { device_id: "liar", status: "INACTIVE" } };
  const { event } = await dev.api("/api/events", "POST", body);
  await page.goto("/events");
  await page.locator(`#e${event}`).getByText("concern").waitFor();
  await page.locator(`#e${event} a`).click();
  await page.locator(".note.bad", { hasText: "liar" }).waitFor();
});

test("a device has its chart, its history and its deliveries", async () => {
  await dev.publish("charted", "ACTIVE");
  await dev.publish("charted", "INACTIVE");
  await page.goto("/devices");
  await page.getByRole("link", { name: /charted/ }).click();
  await page.locator(".history rect.bad").waitFor();
  await page.getByText("has an open alert").waitFor();
  await page.locator(".rows .delivery").first().waitFor();
});

test("everything can be done with keys", async () => {
  const after = await dev.last();
  await dev.publish("keys-1", "INACTIVE");
  await dev.publish("keys-2", "INACTIVE");
  await Promise.all([dev.caught(after, "family"), dev.caught(after, "ops")]);
  await page.goto("/inbox");
  await live(page);
  await page.keyboard.press("j");
  const first = await page.evaluate(() => document.activeElement.getAttribute("href"));
  await page.keyboard.press("j");
  const second = await page.evaluate(() => document.activeElement.getAttribute("href"));
  assert.notEqual(first, second);
  await page.keyboard.press("k");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), first);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${first}`);
  for (const [key, path] of [["e", "/events"], ["d", "/deliveries"], ["v", "/devices"], ["r", "/rules"], ["f", "/faults"], ["i", "/inbox"]]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.waitForURL(`**${path}`);
  }
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL("**/deliveries");
  await page.locator("input[data-filter]").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("jjj");
  assert.equal(await page.locator("input[data-filter]").inputValue(), "jjj", "keys are text while somebody writes");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
});

test("a spoiler is read when it is clicked, and text of devices stays text", async () => {
  const after = await dev.last();
  await dev.publish("hostile", "INACTIVE", { reading: { note: HOSTILE } });
  const [telegram, discord] = await Promise.all([dev.caught(after, "family"), dev.caught(after, "ops")]);
  const id = (await dev.api("/api/events?limit=1")).events[0].id;
  const paths = ["/events", `/events/${id}`, "/deliveries", "/devices/hostile", `/rules/playground?event=${id}`];
  for (const message of [telegram, discord]) {
    for (const tab of ["rendered", "request", "answer", "event"]) paths.push(`/inbox/${message.id}?tab=${tab}`);
  }
  for (const path of paths) {
    await page.goto(path);
    await live(page);
    assert.notEqual(await page.title(), "broken", path);
    assert.equal(await page.locator("main img, main script").count(), 0, path);
  }
  await page.goto(`/events/${id}`);
  assert.match(await page.locator("pre.code").first().innerText(), /onerror=/);
});

test("the inbox is cleared", async () => {
  await page.goto("/inbox");
  await live(page);
  await page.locator("#messages .row").first().waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("Nothing caught yet").waitFor();
});
