/** Hand links and files over, and tell of each one what became of it. */
import { address, call } from "../api/client";
import { ApiError, refusalOf } from "../api/error";
import type { Schemas } from "../api/types";
import type { Kind, Link } from "./links";

export interface Target {
  instanceId: string;
  categoryName: string;
  savePath: string;
  paused: boolean;
}

export interface Outcome {
  name: string;
  kind: Kind;
  /** What was sent, if it was a file. */
  file?: File;
  error: string | null;
}

const MOST = 1000;

type Options = Pick<Schemas["MagnetsRequest"], "instanceId" | "categoryName" | "paused">;

function optionsOf(target: Target): Options {
  return {
    instanceId: target.instanceId,
    ...(target.categoryName ? { categoryName: target.categoryName } : {}),
    paused: target.paused,
  };
}

export async function sendLinks(links: Link[], kind: "magnet" | "ed2k", target: Target): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let start = 0; start < links.length; start += MOST) {
    const texts = links.slice(start, start + MOST).map((each) => each.text);
    outcomes.push(...(await sendSome(texts, kind, target)));
  }
  return outcomes;
}

async function sendSome(links: string[], kind: "magnet" | "ed2k", target: Target): Promise<Outcome[]> {
  const body = { links, ...optionsOf(target) };
  const savePath = target.savePath ? { savePath: target.savePath } : {};
  try {
    const { results } =
      kind === "magnet"
        ? await call("post", "/api/v1/downloads/magnets", { body: { ...body, ...savePath } })
        : await call("post", "/api/v1/downloads/ed2k", { body });
    return results.map((each) => ({ name: each.link, kind, error: each.success ? null : (each.error ?? "") }));
  } catch (error) {
    return links.map((name) => ({ name, kind, error: wordsOf(error) }));
  }
}

/** A torrent file goes as it is, as a part of a form. */
export async function sendFile(file: File, target: Target): Promise<Outcome> {
  const form = new FormData();
  form.set("torrent", file, file.name);
  form.set("instanceId", target.instanceId);
  if (target.categoryName) form.set("categoryName", target.categoryName);
  if (target.savePath) form.set("savePath", target.savePath);
  if (target.paused) form.set("paused", "true");
  try {
    const answer = await fetch(address("/api/v1/downloads/torrent", {}, {}), { method: "POST", body: form });
    if (!answer.ok) throw await refusalOf(answer);
    return { name: file.name, kind: "torrent", file, error: null };
  } catch (error) {
    return { name: file.name, kind: "torrent", file, error: wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof Error) return error.message;
  return String(error);
}
