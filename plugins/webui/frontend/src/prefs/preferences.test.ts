import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const server = { kept: {} as Record<string, unknown>, down: false };

vi.mock("../api/client", () => ({
  call: (method: string, _path: string, options: { body?: { preferences: Record<string, unknown> } } = {}) => {
    if (server.down) return Promise.reject(new Error("down"));
    if (method === "put") server.kept = { ...options.body?.preferences };
    return Promise.resolve({ preferences: server.kept });
  },
}));

async function fresh() {
  vi.resetModules();
  return import("./preferences");
}

describe("preferences", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal("addEventListener", () => undefined);
    server.kept = { columns: "mine", width: 3 };
    server.down = false;
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("forget nothing that could not be read", async () => {
    const { getPreference, loadPreferences, setPreference } = await fresh();
    server.down = true;
    await loadPreferences();
    setPreference("seen", "2");
    await vi.advanceTimersByTimeAsync(2000);
    server.down = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.kept).toEqual({ columns: "mine", width: 3, seen: "2" });
    expect(getPreference("columns", "")).toBe("mine");
  });

  it("leave what another tab changed", async () => {
    const { loadPreferences, setPreference } = await fresh();
    await loadPreferences();
    server.kept = { ...server.kept, columns: "of the other" };
    setPreference("width", 5);
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.kept).toEqual({ columns: "of the other", width: 5 });
  });
});
