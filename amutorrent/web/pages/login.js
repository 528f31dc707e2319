import { onSubmit } from "./entry.js";

onSubmit("api/auth/login", (fields) => ({
  username: fields.username.value.trim(),
  password: fields.password.value,
  rememberMe: fields.rememberMe.checked,
}));
