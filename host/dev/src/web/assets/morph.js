// Makes the page what the server says it is, and touches only what differs: focus, scroll places, open details, and what somebody
// is writing stay.

// Parts that are put in, by their ids.
const PARTS = ["top", "main"];

export function put(html, live = false) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.title = page.title;
  for (const id of PARTS) {
    const [now, next] = [document.getElementById(id), page.getElementById(id)];
    if (now && next) morph(now, next, live);
  }
}

const key = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.id || null : null);

const isWritten = (node) =>
  node.matches("input, textarea") && (node === document.activeElement || node.value !== node.defaultValue);

function morph(now, next, live) {
  if (now.isEqualNode(next)) return;
  if (now.nodeType !== Node.ELEMENT_NODE) {
    if (now.nodeValue !== next.nodeValue) now.nodeValue = next.nodeValue;
    return;
  }
  if (now.hasAttribute("data-keep") && (live || now.closest("header") || now.id === "toast")) return;
  if (now.hasAttribute("data-keep")) now.replaceChildren();
  if (live && (now.matches("select") || isWritten(now))) return;
  attributes(now, next);
  children(now, next, live);
}

function attributes(now, next) {
  // A spoiler that somebody has opened stays open, and so does anything else.
  if (now.matches(".spoiler")) return;
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && !(name === "open" && now.matches("details"))) now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (name === "open" && now.matches("details")) continue;
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
}

function children(now, next, live) {
  const keyed = new Map([...now.childNodes].filter(key).map((node) => [key(node), node]));
  let place = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const known = key(wanted) ? keyed.get(key(wanted)) : null;
    // What was written into a form of another page has no business in this one.
    const isNewForm = !live && wanted.nodeName === "FORM";
    const fits = isNewForm ? null : known ?? (place && !key(place) && !key(wanted) && place.nodeName === wanted.nodeName ? place : null);
    if (!fits) {
      const added = document.importNode(wanted, true);
      if (live && added.nodeName === "LI") added.classList.add("fresh");
      now.insertBefore(added, place);
      continue;
    }
    if (fits !== place) now.insertBefore(fits, place);
    else place = place.nextSibling;
    morph(fits, wanted, live);
  }
  while (place) {
    const after = place.nextSibling;
    place.remove();
    place = after;
  }
}
