import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { en } from "./en";
import { es } from "./es";
import { fill } from "./translate";

const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
  });

  it("fill in the same values, in every form", () => {
    for (const [key, text] of Object.entries(en)) {
      const forms = es[key as keyof typeof en].split(" | ");
      expect(forms.length, key).toBe(text.split(" | ").length);
      for (const form of forms) expect(new Set(names(form)), key).toEqual(new Set(names(text.split(" | ").at(-1) ?? "")));
    }
  });

  it("are told apart: Spanish is not English left as it was", () => {
    const same = Object.entries(en).filter(([key, text]) => text.length > 12 && es[key as keyof typeof en] === text);
    expect(same.map(([key]) => key)).toEqual([]);
  });

  it("have a file for each other's", () => {
    const files = (language: string) => readdirSync(`src/i18n/${language}`).sort();
    expect(files("es")).toEqual(files("en"));
  });
});

describe("fill", () => {
  it("chooses the form by number, in the language", () => {
    expect(fill("{count} item | {count} items", { count: 1 }, "en")).toBe("1 item");
    expect(fill("{count} item | {count} items", { count: 0 }, "en")).toBe("0 items");
    expect(fill("{count} item | {count} items", { count: 12345 }, "en")).toBe("12,345 items");
    expect(fill("{count} elemento | {count} elementos", { count: 1_000_000 }, "es")).toBe("1.000.000 elementos");
  });

  it("leaves alone what has no value", () => {
    expect(fill("{name} and {other}", { name: "a" }, "en")).toBe("a and {other}");
  });
});
