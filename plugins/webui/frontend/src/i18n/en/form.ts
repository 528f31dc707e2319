/** Forms that are made from a description. */
export const form = {
  "password.rules": "What is wanted of it",
  "password.length": "8 to 256 characters",
  "password.notName": "Not the user name",
  "password.notCommon": "Not one of the 1,000 commonest: the daemon looks when you save",
  "password.kept": "kept",
  "password.notYet": "not yet",
  "form.required": "{label} (required)",
  "form.range": "{minimum} to {maximum}",
  "form.default": "default: {value}",
  "form.locked": "Held by an environment variable or a flag of the daemon: change it there.",
  "form.waiting": "Saved; it counts from the next start of the daemon.",
  "form.anyInstance": "The first that can",
  "form.perLine": "One per line",
  "form.secretSaved": "Saved. Type to replace it",
  "form.secretRemove": "Remove",
  "form.secretKeep": "Keep the saved one",
} as const;
