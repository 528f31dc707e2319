/** What the daemon says of settings by their dotted paths. */

/** What is said of the fields below a path, by their first word (`clients.0.port` is `port` of `clients.0`). */
export function below(path: string, fields: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, message] of Object.entries(fields)) {
    if (field !== path && !field.startsWith(`${path}.`)) continue;
    const name = field.slice(path.length + 1).split(".")[0] ?? "";
    found[name] ??= message;
  }
  return found;
}

/** The names of the fields below a path that are in a list of dotted paths. */
export function namesBelow(path: string, paths: readonly string[]): ReadonlySet<string> {
  return new Set(Object.keys(below(path, Object.fromEntries(paths.map((each) => [each, each])))));
}
