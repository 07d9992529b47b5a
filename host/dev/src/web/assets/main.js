// Brings the parts together: navigation without reload, the theme, and what is clicked.
import { follow, refresh } from "./live.js";
import { press } from "./keys.js";
import { forms, send, toast } from "./forms.js";
import { put } from "./morph.js";

const themes = ["auto", "light", "dark"];

function theme(next) {
  const chosen = localStorage.getItem("theme") ?? "auto";
  const now = next ? themes[(themes.indexOf(chosen) + 1) % themes.length] : chosen;
  localStorage.setItem("theme", now);
  if (now === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = now;
  document.getElementById("theme")?.replaceChildren(`theme: ${now}`);
}

// Goes to a page of ours without reload. Anything else is the browser's.
export async function go(address, keep = true) {
  const response = await fetch(address).catch(() => null);
  if (!response?.headers.get("content-type")?.startsWith("text/html")) {
    location.assign(address);
    return;
  }
  const before = new URL(location.href).pathname;
  if (keep) history.pushState(null, "", address);
  put(await response.text());
  forms();
  // A tab or another message of the same list keeps its place; another page starts at its top.
  if (before.split("/")[1] !== new URL(location.href).pathname.split("/")[1]) scrollTo(0, 0);
  if (innerWidth <= 860) scrollTo(0, 0);
}

function clicked(event) {
  const target = event.target.closest("a, button, .spoiler");
  if (!target || event.defaultPrevented) return;
  if (target.matches(".spoiler")) {
    event.preventDefault();
    target.classList.toggle("shown");
  } else if (target.id === "theme") theme(true);
  else if (target.id === "keys") document.getElementById("help").showModal();
  else if (target.dataset.copy !== undefined) {
    navigator.clipboard.writeText(target.dataset.copy).then(() => toast("copied"), () => toast("the browser does not let me copy", true));
  } else if (target.dataset.post) send(target, go, refresh);
  else if (target.matches("a[href^='/']") && !target.matches("[href^='/api']") && plain(event)) {
    event.preventDefault();
    go(target.getAttribute("href"));
  }
}

const plain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

function submitted(event) {
  const form = event.target;
  if (form.method !== "get" || form.dataset.api || !form.action) return;
  event.preventDefault();
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  go(`${new URL(form.action).pathname}?${query}`);
}

// Moments that are told as distances stay right.
function tell() {
  for (const time of document.querySelectorAll("time.relative")) {
    const seconds = Math.round((Date.parse(time.dateTime) - Date.now()) / 1000);
    const size = Math.abs(seconds);
    const [amount, unit] = size < 60 ? [size, "s"] : size < 3600 ? [size / 60, "min"] : size < 172800 ? [size / 3600, "h"] : [size / 86400, "d"];
    const text = `${Math.floor(amount)} ${unit}`;
    const told = seconds === 0 ? "now" : seconds > 0 ? `in ${text}` : `${text} ago`;
    if (time.textContent !== told) time.textContent = told;
  }
}

document.addEventListener("click", clicked);
document.addEventListener("submit", (event) => { if (!event.defaultPrevented) submitted(event); });
document.addEventListener("keydown", (event) => press(event, go));
addEventListener("popstate", () => go(location.href, false));
setInterval(tell, 1000);
theme(false);
document.querySelector("header nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
forms();
follow();
