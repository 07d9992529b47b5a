/**
 * Sends one request, or the same one several times, by `http.send` of the contract or by `fetch`, as the settings say. The tests
 * run everything by both ways and hold them against each other.
 *
 * @typedef {object} Orders
 * @property {"http" | "fetch"} via
 * @property {string} url `{secret}` in it, in headers and in the body is replaced by a reference to the secret.
 * @property {string} [method] `POST` by default.
 * @property {[string, string][]} [headers]
 * @property {string} [body]
 * @property {number} [size] Bytes of a body that is made here, instead of `body`.
 * @property {number} [count] How many times; once by default.
 * @property {boolean} [together] Whether all are sent before the first answer is read.
 * @property {number} [rounds] How often that is done; once by default.
 * @property {boolean} [unread] Whether answers are kept and never read.
 * @property {boolean} [forgotten] Whether `deliver` returns at once, without waiting for any answer.
 * @property {boolean} [uncaught] Whether an error is thrown on as it is.
 * @property {boolean} [reuse] Whether all requests carry one reference.
 */

import { send } from "campanile:channel/http@0.1.0";
import { write } from "campanile:channel/log@0.1.0";
import { reference } from "campanile:channel/secrets@0.1.0";

const DESCRIPTION = "{{description}}";

/** What came back, the same by both ways. */
const WAYS = {
  /** @param {any} request */
  async http({ method, url, headers, body }) {
    const answer = send({ method, url, headers, body: new TextEncoder().encode(body), timeoutMs: 0 });
    const echo = answer.headers.find(([name]) => name === "x-echo")?.[1] ?? "";
    return { status: answer.status, echo, text: async () => new TextDecoder().decode(answer.body) };
  },
  /** @param {any} request */
  async fetch({ method, url, headers, body }) {
    const none = method === "GET" || method === "HEAD";
    const answer = await fetch(url, { method, headers, body: none ? undefined : body, redirect: "manual" });
    return { status: answer.status, echo: answer.headers.get("x-echo") ?? "", text: () => answer.text() };
  },
};

/** @param {Orders} orders */
function request(orders, secret) {
  const fill = (/** @type {string} */ text) => text.replaceAll("{secret}", () => secret ?? reference("token"));
  const { method = "POST", url, headers = [], body = "", size } = orders;
  return {
    method,
    url: fill(url),
    headers: headers.map(([name, value]) => [name, fill(value)]),
    body: size === undefined ? fill(body) : "x".repeat(size),
  };
}

/** @param {Orders} orders */
async function obey(orders) {
  const { via, count = 1 } = orders;
  const secret = orders.reuse ? reference("token") : undefined;
  const answers = [];
  let failed = 0;
  const once = async () => {
    try {
      const answer = await WAYS[via](request(orders, secret));
      answers.push({ ...answer, body: orders.unread ? "" : await answer.text() });
    } catch (error) {
      if (orders.uncaught) throw error;
      failed += 1;
    }
  };
  const { rounds = 1 } = orders;
  for (let round = 0; round < rounds; round += 1) {
    if (orders.together) await Promise.all(Array.from({ length: count }, once));
    else for (let number = 0; number < count; number += 1) await once();
  }
  write("info", `${failed} of ${count * rounds} failed`);
  return { answers, failed };
}

export const plugin = {
  describe: () => DESCRIPTION,

  async deliver(_notification, settingsJson, _attempt) {
    const orders = JSON.parse(settingsJson);
    if (orders.forgotten) {
      fetch(orders.url, { method: "POST", body: "forgotten" }).catch(() => {});
      return { messageId: "", target: "", warnings: [] };
    }
    const { answers, failed } = await obey(orders);
    if (failed > 0) throw { reason: { tag: "transient" }, detail: "no answer", resume: "" };
    const [{ status, echo, body }] = answers;
    write("info", `answered ${status} ${body.slice(0, 2000)}`);
    return { messageId: `${status} ${body.length}`, target: echo.slice(0, 1000), warnings: [] };
  },
};
