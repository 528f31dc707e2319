import { describe, expect, it } from "vitest";
import { valueAt, withValue } from "./paths";

describe("paths", () => {
  const tree = { server: { port: 1, auth: { enabled: true } }, disk: { warnBelow: 5 } };

  it("reads and writes below several levels and leaves the rest alone", () => {
    expect(valueAt(tree, "server.auth.enabled")).toBe(true);
    expect(valueAt(tree, "server.auth.enabled.more")).toBeUndefined();
    const next = withValue(tree, "server.auth.enabled", false);
    expect(next).toEqual({ server: { port: 1, auth: { enabled: false } }, disk: { warnBelow: 5 } });
    expect(next["disk"]).toBe(tree.disk);
  });

  it("takes out what has no value, and makes what is missing", () => {
    expect(withValue(tree, "server.port", undefined)).toEqual({ server: { auth: { enabled: true } }, disk: { warnBelow: 5 } });
    expect(withValue({}, "a.b", 1)).toEqual({ a: { b: 1 } });
  });
});
