/** Values of the configuration by dotted path. */
export type Tree = Record<string, unknown>;

export function valueAt(tree: Tree, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (isTree(at) ? at[name] : undefined), tree);
}

/** Give the tree with one value changed; undefined takes it out, so that its default counts. */
export function withValue(tree: Tree, path: string, value: unknown): Tree {
  const [name = "", ...rest] = path.split(".");
  if (rest.length > 0) {
    const below = tree[name];
    return { ...tree, [name]: withValue(isTree(below) ? below : {}, rest.join("."), value) };
  }
  if (value !== undefined) return { ...tree, [name]: value };
  return Object.fromEntries(Object.entries(tree).filter(([each]) => each !== name));
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
