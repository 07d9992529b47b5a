// Follows what happens, and asks for the page again when something on it has changed.
import { put } from "./morph.js";

// Changes that come quickly after one another are shown together.
const PAUSE = 250;

let running = false;
let wanted = false;

// The page as it is now. One at a time; what changes meanwhile is shown right after.
export async function refresh() {
  wanted = true;
  if (running) return;
  running = true;
  while (wanted) {
    wanted = false;
    const address = location.href;
    try {
      const response = await fetch(address);
      const text = await response.text();
      if (response.ok && address === location.href) put(text, true);
    } catch {
      // The feed says that the server is gone, and refreshes once it is back.
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  running = false;
}

function state(name, text) {
  const place = document.getElementById("live");
  if (!place) return;
  place.className = name;
  place.textContent = text;
}

export function follow() {
  if (!document.getElementById("live")) return;
  const feed = new EventSource("/api/feed");
  feed.onopen = () => {
    state("on", "live");
    // What happened between the making of the page and now, or while the server was away, was not heard.
    refresh();
  };
  feed.onmessage = (message) => {
    const item = JSON.parse(message.data);
    const kinds = document.getElementById("main").dataset.live?.split(" ") ?? [];
    if (kinds.includes(item.kind) || item.kind === "missed" || item.kind === "caught" || item.kind === "deliveries") refresh();
  };
  feed.onerror = () => {
    state("lost", "connecting again…");
    // A browser gives up on some answers; we do not.
    if (feed.readyState === EventSource.CLOSED) setTimeout(follow, 1000);
  };
}
