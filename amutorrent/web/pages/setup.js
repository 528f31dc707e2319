import { onSubmit } from "./entry.js";
import { text } from "./texts.js";

const token = document.querySelector("[name=token]");
token.value = new URLSearchParams(location.search).get("token") ?? "";
document.querySelector("#without").hidden = token.value !== "";
history.replaceState(null, "", location.pathname); // it is worth an admin's account: keep it out of the history
document.querySelector(token.value ? "[name=username]" : "[name=token]").focus();

const WORDS = { invalid_credentials: "error.token", rate_limited: "error.limited" };

onSubmit("api/auth/setup", WORDS, (fields) => {
  if (fields.password.value !== fields.again.value) throw new Error(text("error.differ"));
  return {
    token: tokenIn(fields.token.value),
    username: fields.username.value.trim(),
    password: fields.password.value,
  };
});

// People may put the whole link into the field.
function tokenIn(given) {
  return given.trim().replace(/^.*[?&]token=/, "");
}

// What is wanted of the password is ticked off while it is typed; the daemon looks for common ones by itself.
const form = document.querySelector("form");
const RULES = {
  length: ({ password }) => [...password].length >= 8 && [...password].length <= 256,
  notName: ({ password, username }) => password !== "" && password.toLowerCase() !== username.trim().toLowerCase(),
  same: ({ password, again }) => password !== "" && password === again,
};

form.addEventListener("input", () => {
  const given = Object.fromEntries(new FormData(form));
  for (const each of document.querySelectorAll("[data-rule]")) {
    each.classList.toggle("kept", RULES[each.dataset.rule](given));
  }
});
