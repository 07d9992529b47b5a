/** Marked-up text: read, cut and split. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHtml, fromText, joinRuns, plainText, splitRuns, trimRuns, truncateRuns } from "../src/index.js";

test("markup becomes styles, and what is none stays text", () => {
  assert.deepEqual(fromHtml("a <b>b <i>c</i></b> &lt;d&gt; 1 < 2"), [
    { text: "a ", style: {} },
    { text: "b ", style: { bold: true } },
    { text: "c", style: { bold: true, italic: true } },
    { text: " <d> 1 < 2", style: {} },
  ]);
  assert.deepEqual(fromText("<b>&amp;"), [{ text: "<b>&amp;", style: {} }]);
  assert.deepEqual(fromHtml("<blink>x</blink><b"), [{ text: "x<b", style: {} }]);
});

test("tags that cross or stay open do no harm", () => {
  assert.equal(plainText(fromHtml("<b>x<i>y</b>z</i></pre>")), "xyz");
  assert.equal(plainText(fromHtml("a<constructor>b</constructor><p>c")), "ab\n\nc");
  assert.deepEqual(fromHtml("<b>x<i>y</b>z").at(-1), { text: "z", style: {} });
});

test("links stay if one may follow them", () => {
  const style = (/** @type {string} */ html) => fromHtml(html)[0]?.style;
  assert.deepEqual(style('<a href="https://example.com/?a=1&amp;b=2">x</a>'), { link: "https://example.com/?a=1&b=2" });
  assert.deepEqual(style("<a class=x href='mailto:a@example.com'>x</a>"), { link: "mailto:a@example.com" });
  for (const href of ["javascript:alert(1)", "tg://user?id=1", "//example.com", "https://a b", `https://e/${"x".repeat(2000)}`]) {
    assert.deepEqual(style(`<a href="${href}">x</a>`), {}, href);
  }
});

test("blocks stand on lines of their own", () => {
  assert.equal(plainText(fromHtml("<p>a</p><p>b</p>c")), "a\n\nb\n\nc");
  assert.equal(plainText(fromHtml("x<ul><li>a</li><li>b</li></ul>y")), "x\n• a\n• b\ny");
  assert.equal(plainText(fromHtml("a<br>b<hr>c")), "a\nb\nc");
  assert.equal(plainText(fromHtml("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>")), "a b\nc");
  assert.equal(plainText(fromHtml("<div>a</div>\n<div>b</div>")), "a\nb");
});

test("nobody reads comments, scripts and style sheets", () => {
  assert.equal(plainText(fromHtml("a<!-- b --><script>c<b>d</b></script><style>e</style>f<!doctype g>")), "af");
});

test("character references are those of HTML", () => {
  assert.equal(plainText(fromHtml("&quot;&#x41;&#66;&nbsp;&deg;&nosuch;&#0;&#xD800;&#x110000;&")), '"AB °&nosuch;\uFFFD\uFFFD\uFFFD&');
});

test("cut text keeps its styles and ends in an ellipsis", () => {
  const runs = fromHtml("abc<b>defg</b>");
  assert.deepEqual(truncateRuns(runs, 5), [
    { text: "abc", style: {} },
    { text: "d…", style: { bold: true } },
  ]);
  assert.equal(truncateRuns(runs, 7), runs);
  assert.deepEqual(truncateRuns(runs, 0), []);
});

test("texts are joined, and lose the white space around", () => {
  const bold = fromHtml("<b>b</b>");
  assert.deepEqual(joinRuns([fromText("a"), [], bold, fromText("c"), fromText("d")], "\n"), [
    { text: "a\n", style: {} },
    { text: "b", style: { bold: true } },
    { text: "\nc\nd", style: {} },
  ]);
  assert.deepEqual(joinRuns([[], []], "\n"), []);
  assert.deepEqual(trimRuns([...fromText(" \n"), ...bold, ...fromText(" c \n")]), [...bold, { text: " c", style: {} }]);
  assert.deepEqual(trimRuns(fromText(" \n ")), []);
});

test("pieces end between lines or words, and nothing is lost", () => {
  const pieces = (/** @type {string} */ text, /** @type {number} */ limit) => splitRuns(fromText(text), limit).map(plainText);
  assert.deepEqual(pieces("one two three", 8), ["one two", "three"]);
  assert.deepEqual(pieces("one two\nthree", 10), ["one two", "three"]);
  assert.deepEqual(pieces("abcdefghij", 4), ["abcd", "efgh", "ij"]);
  assert.deepEqual(pieces("", 4), []);
  assert.deepEqual(pieces("a" + " ".repeat(20), 4).join("").trim(), "a");
  const text = Array.from({ length: 500 }, (_, at) => `word${at}`).join(" ");
  for (const limit of [10, 33, 100]) {
    const all = pieces(text, limit);
    assert.ok(all.every((piece) => piece.length <= limit && piece !== ""));
    assert.equal(all.join(" "), text);
  }
  assert.deepEqual(splitRuns(fromHtml("<b>abcd</b>"), 2), [[{ text: "ab", style: { bold: true } }], [{ text: "cd", style: { bold: true } }]]);
  assert.throws(() => splitRuns(fromText("€"), 2, (text) => 3 * text.length), RangeError);
});

test("who wants no more than a beginning gets no less", () => {
  const html = "<p>word &amp; <b>word</b></p>".repeat(1000);
  const whole = plainText(fromHtml(html));
  for (const enough of [0, 1, 100, 5000]) {
    const text = plainText(fromHtml(html, enough));
    assert.ok(text.length >= enough && text.length < enough + 50 && whole.startsWith(text), String(enough));
  }
});

test("hostile markup is read in time that grows with its length", () => {
  for (const html of ["<".repeat(60_000), '<a "'.repeat(15_000), "<!--".repeat(15_000), "<b>x".repeat(16_000), "<b>".repeat(10_000) + "</i>".repeat(10_000), "&#".repeat(30_000)]) {
    const start = performance.now();
    fromHtml(html);
    assert.ok(performance.now() - start < 1000, html.slice(0, 8));
  }
});
