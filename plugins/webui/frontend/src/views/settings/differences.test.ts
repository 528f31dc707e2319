import { describe, expect, it } from "vitest";
import { differences } from "./differences";
import { below, namesBelow } from "./problems";

describe("differences", () => {
  it("lists the leaves that differ, by their path", () => {
    const saved = { port: 1, auth: { enabled: true }, browse: ["/a"] };
    const mine = { port: 2, auth: { enabled: true }, browse: ["/a", "/b"] };
    expect(differences(saved, mine)).toEqual([
      { field: "port", saved: "1", mine: "2" },
      { field: "browse.1", saved: "-", mine: "/b" },
    ]);
  });

  it("never shows a secret, neither the new one nor the old", () => {
    expect(differences({ password: "********" }, { password: "typed" })).toEqual([
      { field: "password", saved: "********", mine: "********" },
    ]);
  });
});

describe("below", () => {
  it("finds what is said of the fields of one entry, and of no other", () => {
    const told = { "clients.1.port": "a", "clients.1.roots.3": "b", "clients.10.port": "c", "server.port": "d" };
    expect(below("clients.1", told)).toEqual({ port: "a", roots: "b" });
    expect([...namesBelow("server", ["server.port", "serverside.x"])]).toEqual(["port"]);
  });
});
