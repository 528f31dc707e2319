// What both pages do with their form: send it as JSON, and say in words why it was refused.

import { text, translate } from "./texts.js";

const form = document.querySelector("form");
const button = form.querySelector("button[type=submit]");
const alert = form.querySelector("[role=alert]");
const word = () => button.querySelector("span");

translate();
showPasswords();

// `read` makes the body of the form's fields, or throws an Error that says what is wrong with them. `words` are keys of
// texts by the daemon's code, for what it says in English alone.
export function onSubmit(path, words, read) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    alert.textContent = "";
    button.disabled = true;
    try {
      await send(path, read(form.elements));
      location.reload(); // the daemon knows where somebody who is signed in goes from here
    } catch (error) {
      alert.textContent = words[error.code] ? text(words[error.code], {}, error.message) : error.message;
      if (error.wait > 0) hold(error.wait);
      else button.disabled = false;
    }
  });
}

// Counts down on the button while this address has to wait.
export function hold(seconds) {
  const before = word().textContent;
  const until = Date.now() + seconds * 1000;
  button.disabled = true;
  const tick = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    word().textContent = left > 0 ? text("wait", { seconds: left }) : before;
    if (left > 0) setTimeout(tick, 250);
    else button.disabled = false;
  };
  tick();
}

async function send(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error(text("error.away"));
  });
  if (answer.ok) return;
  const told = await answer.json().catch(() => ({}));
  const message = told.message ?? text("error.answer", { status: answer.status });
  throw Object.assign(new Error(message), { code: told.code, wait: told.details?.retryAfter ?? 0 });
}

function showPasswords() {
  const fields = [...form.querySelectorAll("input[type=password]")];
  form.querySelector("[name=show]").addEventListener("change", (event) => {
    for (const each of fields) each.type = event.target.checked ? "text" : "password";
  });
}
