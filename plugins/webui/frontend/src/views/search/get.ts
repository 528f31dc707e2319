/** Download results: where they were found, or in another client that takes their links. */
import { sendLinks, type Target } from "../../add/send";
import { call } from "../../api/client";
import type { Instance } from "../../api/types";
import { t } from "../../i18n";
import { usePreference } from "../../prefs/preferences";
import { toast, toastError } from "../../ui/toasts";
import type { Found } from "./runs";

/** Where to, and under which category. An empty instance: the client that found it. */
export interface Choice {
  instanceId: string;
  category: string;
}

const STANDARD: Choice = { instanceId: "", category: "" };
const MOST = 1000;

export function useChoice(): [Choice, (choice: Choice) => void] {
  return usePreference("searchTarget", STANDARD);
}

/** The link of a result, for networks that have such links. */
export function linkOf(row: Found): string | null {
  if (row.networkType !== "ed2k") return null;
  return `ed2k://|file|${encodeURIComponent(row.fileName)}|${String(row.fileSize)}|${row.fileHash.toUpperCase()}|/`;
}

/** The clients that could take results of others, by their links. */
export function takersOfLinks(instances: [string, Instance][]): [string, Instance][] {
  return instances.filter(([, each]) => each.connected && each.capabilities["addEd2kLink"] === true);
}

interface Outcome {
  done: number;
  errors: string[];
}

/** Send them, and say how it went. */
export async function getResults(rows: Found[], choice: Choice): Promise<void> {
  const own = rows.filter((row) => !choice.instanceId || choice.instanceId === row.instanceId || linkOf(row) === null);
  const others = rows.filter((row) => !own.includes(row));
  const outcomes = [...(await bySearch(own, choice)), await byLink(others, choice)];
  const done = outcomes.reduce((sum, each) => sum + each.done, 0);
  const errors = outcomes.flatMap((each) => each.errors);
  if (done > 0) toast(t("add.done", { count: done }));
  if (errors.length > 0) {
    toastError(new Error([...new Set(errors)].join("\n")), t("add.failed", { count: errors.length }));
  }
}

/** Each search has its own results. */
async function bySearch(rows: Found[], choice: Choice): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const searchId of new Set(rows.map((row) => row.searchId))) {
    const found = rows.filter((row) => row.searchId === searchId);
    const hashes = [...new Set(found.map((row) => row.fileHash))];
    for (let start = 0; start < hashes.length; start += MOST) {
      outcomes.push(await some(searchId, hashes.slice(start, start + MOST), choice));
    }
  }
  return outcomes;
}

async function some(searchId: string, fileHashes: string[], choice: Choice): Promise<Outcome> {
  const body = { searchId, fileHashes, ...(choice.category ? { categoryName: choice.category } : {}) };
  try {
    const { results } = await call("post", "/api/v1/downloads/search-results", { body });
    const failed = results.filter((each) => !each.success);
    return { done: results.length - failed.length, errors: failed.map((each) => each.error ?? "") };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { done: 0, errors: fileHashes.map(() => words) };
  }
}

async function byLink(rows: Found[], choice: Choice): Promise<Outcome> {
  const links = rows.flatMap((row) => linkOf(row) ?? []).map((text) => ({ text, kind: "ed2k" as const }));
  if (links.length === 0) return { done: 0, errors: [] };
  const target: Target = { instanceId: choice.instanceId, categoryName: choice.category, savePath: "", paused: false };
  const outcomes = await sendLinks(links, "ed2k", target);
  const errors = outcomes.flatMap((each) => (each.error === null ? [] : [each.error]));
  return { done: outcomes.length - errors.length, errors };
}
