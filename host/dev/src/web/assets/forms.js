// What changes something: buttons and forms that call the API, the playground, and the knobs of faults.

export function toast(text, isBad = false) {
  const place = document.getElementById("toast");
  const note = document.createElement("div");
  note.textContent = text;
  if (isBad) note.className = "bad";
  place.append(note);
  setTimeout(() => note.remove(), isBad ? 8000 : 3000);
}

// Asks the API. What it answers, or null after saying what went wrong.
async function call(method, address, body) {
  let response;
  try {
    const init = { method, headers: { "content-type": "application/json" } };
    if (method !== "DELETE") init.body = body;
    response = await fetch(address, init);
  } catch {
    toast("the server does not answer; is it still running?", true);
    return null;
  }
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json");
  const answer = isJson && text ? JSON.parse(text) : { text };
  if (response.ok) return answer;
  toast(answer.detail ?? `the server answered ${response.status}`, true);
  return null;
}

// A button with `data-post`: what it says is sent, and then what is left to do is done.
export async function send(button, go, refresh) {
  button.disabled = true;
  const { post, method = "POST", body = "{}", said, then } = button.dataset;
  const answer = await call(method, post, body);
  button.disabled = false;
  if (!answer) return;
  if (said) toast(answer.event ? `${said}: event ${answer.event}` : said);
  if (then) go(then.replace(/\{(\w+)\}/, (_, name) => answer[name] ?? ""));
  else refresh();
}

async function submit(event) {
  const form = event.target;
  event.preventDefault();
  const [method, address] = form.dataset.api.split(" ");
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ""));
  const answer = await call(method, address, JSON.stringify(fields));
  if (answer) toast(answer.event ? `${form.dataset.said}: event ${answer.event}` : form.dataset.said);
}

async function evaluate(event) {
  event.preventDefault();
  const fields = Object.fromEntries([...new FormData(event.target)]);
  if (!fields["client-id"]) delete fields["client-id"];
  const answer = await call("POST", "/fragments/playground", JSON.stringify(fields));
  if (!answer) return;
  const page = new DOMParser().parseFromString(answer.text, "text/html");
  document.getElementById("answer").replaceChildren(...page.body.childNodes);
}

// Statements and messages that are taken over into the playground.
function take(event) {
  const form = event.target.form;
  const { sql, topic, payload, client } = event.target.selectedOptions[0].dataset;
  if (sql !== undefined) form.elements.sql.value = sql;
  if (topic !== undefined) {
    form.elements.topic.value = topic;
    form.elements.payload.value = payload;
    form.elements["client-id"].value = client;
  }
}

// The text of a fault, of its knobs.
function turn(form) {
  const kind = form.querySelector("[data-kind]").selectedOptions[0];
  const own = kind.dataset.knobs.split(" ");
  const pairs = [];
  for (const label of form.querySelectorAll("[data-knob]")) {
    const knob = label.dataset.knob;
    label.hidden = !own.includes(knob) && label.dataset.always === undefined;
    const value = label.querySelector("input").value.trim();
    if (!label.hidden && knob !== "status" && value) pairs.push(`${knob}=${value}`);
  }
  const status = form.querySelector('[data-key="status"]').value.trim();
  const name = { status, rate: "429" }[kind.value] ?? kind.value;
  form.elements.fault.value = [name, ...pairs].join(":");
}

// Makes the forms of the page work; of each once.
export function forms() {
  for (const form of document.querySelectorAll("form[data-api]")) once(sending, form, () => form.addEventListener("submit", submit));
  const playground = document.getElementById("playground");
  if (playground) {
    once(ready, playground, () => {
      playground.addEventListener("submit", evaluate);
      for (const select of playground.querySelectorAll("[data-takes]")) select.addEventListener("change", take);
    });
  }
  const knobs = document.getElementById("knobs");
  if (knobs) {
    once(ready, knobs, () => {
      knobs.addEventListener("input", (event) => { if (event.target.name !== "fault") turn(knobs); });
      turn(knobs);
    });
  }
}

// Forms that send, and forms that do more than that.
const [sending, ready] = [new WeakSet(), new WeakSet()];

function once(done, form, make) {
  if (done.has(form)) return;
  done.add(form);
  make();
}
