/** Forms that are made from a description. */
export const form = {
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
