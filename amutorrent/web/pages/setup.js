import { onSubmit } from "./entry.js";

const token = document.querySelector("[name=token]");
token.value = new URLSearchParams(location.search).get("token") ?? "";
token.parentElement.hidden = document.querySelector("#where").hidden = token.value !== "";
history.replaceState(null, "", location.pathname); // it is worth an admin's account: keep it out of the history

onSubmit("api/auth/setup", (fields) => {
  if (fields.password.value !== fields.again.value) {
    throw new Error("The two passwords are not the same");
  }
  return {
    token: fields.token.value.trim(),
    username: fields.username.value.trim(),
    password: fields.password.value,
  };
});
