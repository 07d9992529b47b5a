// What the tests stand on: the real `campanile dev` in a project of its own, and the real browser.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const TARGET = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
const tools = process.env.CAMPANILE_BROWSER_TOOLS ?? join(ROOT, "tests/browser");
const { chromium } = createRequire(join(tools, "package.json"))("playwright-core");

/** The longest that anything takes, in milliseconds: for a machine that does other things too. */
export const PATIENCE = 60_000;

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** Text that does harm wherever it is taken for markup. */
export const HOSTILE = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;

/** A free port of this machine. */
function port() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Waits until `check` gives something. For what is no part of a page; pages are waited for by the browser. */
export async function until(what, check, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`it did not come: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** `campanile dev` in a folder of its own, with the sample configuration and the plugins of this repository. */
export class Dev {
  /** With `keeps: false` nothing is there any more after a restart. */
  static async start({ keeps = true } = {}) {
    const dev = new Dev();
    dev.keeps = keeps;
    dev.folder = mkdtempSync(join(tmpdir(), "campanile-browser-"));
    mkdirSync(join(dev.folder, "plugins"));
    mkdirSync(join(dev.folder, "deploy"));
    // Many devices alert within a minute here, and each is to be told on its own.
    const sample = readFileSync(join(ROOT, "campanile.toml"), "utf8");
    const route = 'name = "inactive"\n';
    if (!sample.includes(route)) throw new Error("the sample configuration has another route now");
    const config = sample.replace(route, `${route}storm = { group = "event.device_id" }\n`);
    writeFileSync(join(dev.folder, "campanile.toml"), config);
    cpSync(join(ROOT, "deploy/template.yaml"), join(dev.folder, "deploy/template.yaml"));
    for (const plugin of ["telegram", "discord"]) {
      const built = join(TARGET, `wasm32-wasip2/release/campanile_${plugin}.wasm`);
      cpSync(built, join(dev.folder, "plugins", `${plugin}.wasm`));
    }
    dev.ui = await port();
    dev.mqtt = await port();
    dev.url = `http://127.0.0.1:${dev.ui}`;
    await dev.run();
    return dev;
  }

  /** Starts the process, and waits until it answers and can tell people something. */
  async run() {
    const program = process.env.CAMPANILE_BINARY ?? join(TARGET, "release/campanile");
    if (!existsSync(program)) throw new Error(`there is no ${program}; build it first`);
    const options = [
      "dev", "--mqtt", `127.0.0.1:${this.mqtt}`, "--mqtts", "127.0.0.1:0", "--ui", `127.0.0.1:${this.ui}`,
    ];
    if (this.keeps) options.push("--data-dir", join(this.folder, "data"));
    this.log = "";
    this.process = spawn(program, options, { cwd: this.folder, stdio: ["ignore", "pipe", "pipe"] });
    const listen = (text) => { this.log = (this.log + text).slice(-20_000); };
    this.process.stdout.on("data", listen);
    this.process.stderr.on("data", listen);
    this.ended = new Promise((resolve) => this.process.on("exit", resolve));
    const isReady = async () => {
      if (this.process.exitCode !== null) throw new Error(`campanile dev has ended:\n${this.log}`);
      const plugins = await this.api("/api/plugins").catch(() => null);
      return plugins?.length >= 2 && plugins.every((plugin) => plugin.digest);
    };
    await until("the system and its plugins", isReady, 120_000);
  }

  /** Asks it to stop, as Ctrl-C does. */
  async stop() {
    this.process.kill("SIGINT");
    const timer = setTimeout(() => this.process.kill("SIGKILL"), PATIENCE);
    await this.ended;
    clearTimeout(timer);
  }

  async close() {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Asks the API, and what it answers. */
  async api(path, method = "GET", body = undefined) {
    const headers = { "content-type": "application/json" };
    const init = { method, headers, signal: AbortSignal.timeout(PATIENCE + 5_000) };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(this.url + path, init);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** A device changes its status; the event's id. */
  async publish(device, status, more = {}) {
    const payload = {
      event_id: crypto.randomUUID(), device_id: device, status, previous: status === "INACTIVE" ? "ACTIVE" : "INACTIVE",
      occurred_at: new Date().toISOString(), ...more,
    };
    const body = { topic: "home/heating/status", "client-id": device, payload };
    return (await this.api("/api/events", "POST", body)).event;
  }

  /** The first message of a channel after another one. */
  async caught(after, channel) {
    const query = `after=${after}&wait=60s&limit=1${channel ? `&channel=${channel}` : ""}`;
    const { messages } = await this.api(`/api/inbox?${query}`);
    if (messages.length === 0) throw new Error(`nothing was caught:\n${this.log}`);
    return messages[0];
  }

  /** The latest id in the inbox. */
  async last() {
    return (await this.api("/api/inbox?limit=1")).last;
  }
}

/** The browser, and what goes wrong in it. */
export class Browser {
  static async start() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({
      executablePath: process.env.CAMPANILE_CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS, timeout: PATIENCE,
    });
    return browser;
  }

  /** A window on `dev`. It notes what is wrong on its pages, and who else is asked. */
  async open(dev, options = {}) {
    const context = await this.chromium.newContext({ viewport: { width: 1280, height: 860 }, baseURL: dev.url, ...options });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    page.wrong = [];
    page.on("pageerror", (error) => page.wrong.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") page.wrong.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(`${dev.url}/`) && !request.url().startsWith("data:")) page.wrong.push(`asked ${request.url()}`);
    });
    return page;
  }

  async close() {
    await this.chromium.close();
  }
}

/** Waits until the page follows the feed. */
export async function live(page) {
  await page.locator("#live.on").waitFor();
}
