/** What people see: blocks, plain text, and what becomes of hostile and long text. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { notification } from "../sdk/src/testing.js";
import { escapedLength } from "../src/escape.js";
import { messages } from "../src/render.js";

/** @typedef {import("../sdk/src/index.js").Notification} Notification */

const channel = "C0123456789";

/**
 * @param {Partial<Notification>} changes
 * @param {Partial<import("../src/settings.js").Settings>} [settings]
 * @param {import("../sdk/src/index.js").Presentation} [presentation]
 * @returns {any[]}
 */
const render = (changes, settings = {}, presentation = "rich") =>
  messages(notification(changes), { channel, ...settings }, presentation, false);

const date = "<!date^1795406706^{date_short_pretty} {time_secs}|2026-11-23T04:05:06Z>";
const plain = (/** @type {string} */ text) => ({ type: "plain_text", text, emoji: false });
const section = (/** @type {object[]} */ ...elements) => ({ type: "rich_text_section", elements });
const words = (/** @type {string} */ text, /** @type {object | undefined} */ style = undefined) => ({ type: "text", text, ...(style && { style }) });

test("a rich message has a header, the text with its markup, and a coloured bar", () => {
  const fields = [{ name: "Previous", value: "ACTIVE" }, { name: " ", value: "x" }, { name: "Empty", value: "\u200B" }];
  const [message, ...more] = render({ body: "It is <b>off</b>.", bodyFormat: "html", fields });
  assert.deepEqual(more, []);
  assert.deepEqual(message, {
    text: "home-heating: INACTIVE\nIt is off.\nPrevious: ACTIVE",
    blocks: [
      { type: "header", text: plain("home-heating: INACTIVE") },
      {
        type: "rich_text",
        elements: [
          section(words("It is "), words("off", { bold: true }), words(".\n"), words("Previous:", { bold: true }), words(" ACTIVE")),
        ],
      },
    ],
    attachments: [
      {
        color: "danger",
        fallback: "home-heating 2026-11-23T04:05:06Z",
        blocks: [{ type: "context", elements: [plain("home-heating"), { type: "mrkdwn", text: date, verbatim: true }] }],
      },
    ],
  });
});

test("the colour is that of the severity", () => {
  const colors = { critical: "danger", error: "danger", warning: "warning", info: "good", debug: "#95A5A6" };
  for (const [severity, color] of Object.entries(colors)) {
    const [message] = render({ severity: /** @type {Notification["severity"]} */ (severity) });
    assert.equal(message.attachments[0].color, color);
  }
});

test("simpler presentations have neither blocks nor markup", () => {
  const changes = { body: "<b>off</b> &amp; cold", bodyFormat: /** @type {const} */ ("html"), fields: [{ name: "Flow", value: "<1" }] };
  const none = { blocks: [], attachments: [] };
  assert.deepEqual(render(changes, {}, "plain"), [{ text: "home-heating: INACTIVE\noff &amp; cold\nFlow: &lt;1", ...none }]);
  assert.deepEqual(render(changes, {}, "minimal"), [{ text: "home-heating: INACTIVE", ...none }]);
});

test("what a device sends mentions nobody and links nowhere", () => {
  const hostile = "<!channel> <@U0123456789> <!subteam^S0123456789> <#C0123456789> <https://evil.example.com|bank> &lt;!here&gt;";
  const changes = { title: hostile, body: hostile, deviceId: hostile, occurredAt: "no|time>", fields: [{ name: hostile, value: hostile }] };
  for (const presentation of /** @type {const} */ (["rich", "plain", "minimal"])) {
    for (const { text, blocks, attachments } of render(changes, {}, presentation)) {
      assert.doesNotMatch(text, /[<>]/);
      assert.match(text, /&lt;!channel&gt; .* &amp;lt;!here&amp;gt;/);
      const objects = JSON.stringify([blocks, attachments]);
      // Elements of rich text are never parsed; everything else is a text object.
      const parsed = objects.replace(/\{"type":"text","text":"(?:[^"\\]|\\.)*"(?:,"style":\{[^}]*\})?\}/g, "");
      assert.doesNotMatch(parsed, /[<>]/);
    }
  }
});

test("what Slack would show as markup stays text", () => {
  const [message] = render({ body: "*a* _b_ ~c~ `d` :bell: > e" });
  assert.deepEqual(message.blocks[1].elements, [section(words("*a* _b_ ~c~ `d` :bell: > e"))]);
});

test("markup becomes elements of rich text", () => {
  const body = '<i>a</i><a href="https://example.com/?a&amp;b"><b>b</b></a><pre>c\n<b>d</b></pre>e<blockquote>f</blockquote><code>g</code>';
  const [message] = render({ body, bodyFormat: "html" });
  assert.deepEqual(message.blocks[1].elements, [
    section(words("a", { italic: true }), { type: "link", url: "https://example.com/?a&b", text: "b", style: { bold: true } }),
    { type: "rich_text_preformatted", elements: [words("c\n"), words("d")] },
    section(words("e")),
    { type: "rich_text_quote", elements: [words("f")] },
    section(words("g", { code: true })),
  ]);
});

test("those who are named are notified, in each presentation, but not by what follows an alert", () => {
  /** @type {import("../src/settings.js").Settings} */
  const all = {
    channel,
    "mention-users": ["U0123456789"],
    "mention-groups": ["S0123456789"],
    "mention-everyone": "here",
  };
  const [rich] = render({ body: "" }, all);
  assert.deepEqual(rich.blocks[1].elements, [
    section(
      { type: "broadcast", range: "here" },
      words(" "),
      { type: "user", user_id: "U0123456789" },
      words(" "),
      { type: "usergroup", usergroup_id: "S0123456789" },
    ),
  ]);
  for (const presentation of /** @type {const} */ (["plain", "minimal"])) {
    assert.match(render({}, all, presentation)[0].text, /^<!here> <@U0123456789> <!subteam\^S0123456789>\nhome-heating/);
  }
  for (const presentation of /** @type {const} */ (["rich", "plain", "minimal"])) {
    assert.doesNotMatch(JSON.stringify(messages(notification({ body: "" }), all, presentation, true)), /U012|S012|here/);
  }
});

test("long text is cut within Slack's limits, as Slack counts it", () => {
  const fields = Array.from({ length: 60 }, (_, at) => ({ name: `n${at}`, value: "&<>".repeat(100) }));
  const changes = { title: "<".repeat(8000), body: "&".repeat(60_000), deviceId: ">".repeat(5000), fields };
  const [message, ...more] = render(changes);
  assert.deepEqual(more, []);
  assert.ok(message.text.length <= 4000 && message.text.length > 3000, message.text.length);
  assert.ok(message.blocks[0].text.text.length <= 150 && message.blocks[0].text.text.endsWith("…"));
  assert.ok(message.attachments[0].blocks[0].elements[0].text.length <= 300);
  assert.ok(escapedLength(message.blocks[1].elements[0].elements.map((/** @type {any} */ { text }) => text).join("")) <= 3200);
  assert.ok(message.text.split("&amp;").length > 190, "the body keeps its share");
  const most = { "mention-users": Array(10).fill("U01234567890123456789"), "mention-groups": Array(10).fill("S01234567890123456789") };
  assert.ok(render(changes, { ...most, "mention-everyone": "everyone" }, "plain")[0].text.length <= 4000);
  assert.ok(render(changes, most, "minimal")[0].text.length <= 4000);
});

test("split text loses nothing, and its parts are the same in a simpler presentation", () => {
  const words = Array.from({ length: 2000 }, (_, at) => `w${at}`);
  const title = `${"t".repeat(200)} end`;
  const changes = { title, body: words.join(" "), fields: [{ name: "Last", value: "fact" }] };
  const rich = render(changes, { overflow: "split" });
  const plain = render(changes, { overflow: "split" }, "plain");
  assert.deepEqual(rich.map(({ text }) => text), plain.map(({ text }) => text));
  assert.ok(rich.length > 2 && rich.every(({ text }) => text.length <= 4000));
  const told = plain.map(({ text }) => text).join(" ").split(/\s+/);
  assert.deepEqual(told.filter((word) => /^w\d+$/.test(word)), words);
  assert.ok(plain[0].text.includes(title) && plain.at(-1).text.endsWith("Last: fact"));
  assert.deepEqual(rich.map(({ attachments }) => attachments.length), rich.map((_, at) => (at === rich.length - 1 ? 1 : 0)));
  assert.deepEqual(rich.map(({ blocks }) => blocks[0].type), rich.map((_, at) => (at === 0 ? "header" : "rich_text")));
});

test("a body of nothing but markup is told without it, and loses no word", () => {
  const body = "word <i>word</i> ".repeat(1000);
  const [message, ...more] = render({ body, bodyFormat: "html" }, { overflow: "split" });
  const all = [message, ...more];
  assert.ok(all.every(({ blocks }) => !JSON.stringify(blocks).includes('"italic"')));
  assert.equal(all.map(({ text }) => text.match(/word/g)?.length ?? 0).reduce((sum, count) => sum + count), 2000);
  const few = render({ body: "word <i>word</i> ".repeat(100), bodyFormat: "html" });
  assert.ok(JSON.stringify(few[0].blocks).includes('"italic"'));
});

test("nothing to read is no message", () => {
  for (const presentation of /** @type {const} */ (["rich", "plain", "minimal"])) {
    assert.deepEqual(render({ title: "\u200B \n", body: "\t \u200B", fields: [] }, { "mention-everyone": "here" }, presentation), []);
  }
  assert.deepEqual(render({ title: "", body: "x" })[0].blocks.length, 1);
  assert.deepEqual(render({ title: "t", body: " ", deviceId: "", occurredAt: "never" })[0], {
    text: "t",
    blocks: [{ type: "header", text: plain("t") }],
    attachments: [],
  });
});
