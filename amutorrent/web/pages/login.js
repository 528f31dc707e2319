import { hold, onSubmit } from "./entry.js";

const WORDS = { invalid_credentials: "error.unknown", rate_limited: "error.limited" };

onSubmit("api/auth/login", WORDS, (fields) => ({
  username: fields.username.value.trim(),
  password: fields.password.value,
  rememberMe: fields.rememberMe.checked,
}));

// Whoever comes back to this page still has to wait.
const status = await fetch("api/auth/status").then((answer) => answer.json(), () => ({}));
if (status.retryAfter > 0) hold(status.retryAfter);
