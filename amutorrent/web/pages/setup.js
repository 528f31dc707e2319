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
