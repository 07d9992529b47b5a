// The keyboard: every page and every list can be used without a mouse.

let waitsForPlace = false;

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);

function move(by) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(document.activeElement);
  const from = at >= 0 ? at : all.findIndex((row) => row.getAttribute("aria-current")) ;
  const next = all[Math.min(Math.max(from + by, 0), all.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const isWriting = (target) => target.matches?.("input, textarea, select, [contenteditable]");

export function press(event, go) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && isWriting(event.target)) return event.target.blur();
  if (isWriting(event.target) || document.querySelector("dialog[open]")) return;
  if (event.target.matches(".spoiler") && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    event.target.classList.toggle("shown");
    return;
  }
  if (waitsForPlace) {
    waitsForPlace = false;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      go(link.getAttribute("href"));
    }
    return;
  }
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  g: () => { waitsForPlace = true; },
  r: () => document.querySelector('[data-key="r"]')?.click(),
  p: () => document.querySelector('[data-key="p"]')?.click(),
  "/": () => document.querySelector("[data-filter]")?.focus(),
  "?": () => document.getElementById("help")?.showModal(),
};
