/** The configuration of the daemon: read, changed in part, and saved as a whole against its revision. */
import { useCallback, useEffect, useState } from "react";
import { call, type Reply } from "../../api/client";
import { ApiError } from "../../api/error";
import { useAsked, type Asked } from "../../api/useAsked";

type Current = Reply<"/api/config/current", "get">;
export type Defaults = Reply<"/api/config/defaults", "get">;
export type Entry = Record<string, unknown>;

/** The keys of config.json: their values are described by the fields of forms, not by types. */
interface Sections {
  server: Entry;
  directories: Entry;
  database: Entry;
  disk: Entry;
  history: Entry;
  updates: Entry;
  clients: Entry[];
  plugins: Record<string, Entry>;
}
export type Config = Sections & Pick<Current, "_meta">;
/** Whole sections; those that are left out stay as they are. */
export type Change = Partial<Sections>;
type SaveBody = Omit<Current, "_meta"> & { _meta: { revision: string } };

export interface Known {
  config: Config;
  defaults: Defaults;
}

/** What was wrong with what was sent, by the dotted path of the field; or that somebody else was faster. */
export type Refusal = { kind: "wrong"; fields: Record<string, string>; message: string } | { kind: "changed" };

async function ask(signal: AbortSignal): Promise<Known> {
  const [config, defaults] = await Promise.all([
    call("get", "/api/config/current", { signal }),
    call("get", "/api/config/defaults", { signal }),
  ]);
  return { config, defaults };
}

/** Read the configuration as it is now. */
export async function readConfig(): Promise<Config> {
  return call("get", "/api/config/current");
}

const listeners = new Set<() => void>();

/** Read the configuration; all that show it read it again when it was saved here. */
export function useConfig(): Asked<Known> {
  const asked = useAsked("config", ask);
  const { again } = asked;
  useEffect(() => {
    listeners.add(again);
    return () => {
      listeners.delete(again);
    };
  }, [again]);
  return asked;
}

/** Save sections. Gives what is wrong with them, null when it is saved; throws what is no matter of their content. */
export async function save(revision: string, change: Change): Promise<Refusal | null> {
  try {
    await call("post", "/api/config/save", { body: { _meta: { revision }, ...change } as SaveBody });
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    return refusal;
  }
  for (const each of [...listeners]) each();
  return null;
}

export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof ApiError)) return null;
  if (error.code === "config_changed") return { kind: "changed" };
  if (error.code !== "validation_error") return null;
  const { problems, field } = error.details as { problems?: Problem[]; field?: string };
  const told = problems ?? (field ? [{ field, message: error.message }] : []);
  return { kind: "wrong", fields: Object.fromEntries(told.map((each) => [each.field, each.message])), message: error.message };
}

interface Problem {
  field: string;
  message: string;
}

export type Tested = Reply<"/api/config/test", "post">["results"]["clients"] extends (infer T)[] | undefined ? T : never;

/** Try entries of `clients` without saving them; gives what came of each. Never throws. */
export async function tryClients(entries: Entry[]): Promise<Tested[]> {
  try {
    const { results } = await call("post", "/api/config/test", { body: { clients: entries as Record<string, never>[] } });
    return results.clients ?? [];
  } catch (error) {
    const failed = { success: false, error: error instanceof Error ? error.message : String(error) };
    return entries.map(() => failed);
  }
}

interface Trying {
  tried: Tested | null;
  trying: boolean;
  test: (entry: Entry) => Promise<Tested | null>;
  forget: () => void;
}

/** Try one entry, and keep what came of it. */
export function useTrial(): Trying {
  const [tried, setTried] = useState<Tested | null>(null);
  const [trying, setTrying] = useState(false);
  const test = useCallback(async (entry: Entry) => {
    setTrying(true);
    setTried(null);
    const [result = null] = await tryClients([entry]);
    setTried(result);
    setTrying(false);
    return result;
  }, []);
  const forget = useCallback(() => setTried(null), []);
  return { tried, trying, test, forget };
}
