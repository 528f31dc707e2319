/** Start a search, on one client or on all that can. */
import { call } from "../../api/client";
import { ApiError } from "../../api/error";
import { t } from "../../i18n";
import { getLive } from "../../live/store";
import { toastError } from "../../ui/toasts";
import type { Question } from "./recent";
import { findLast } from "./useRuns";

export interface Started {
  /** Of the searches that run now, with commas between them. */
  ids: string;
  /** Some of them are somebody else's, which hold the client. */
  taken: boolean;
}

/** The clients that can search now. */
export function searchers(): string[] {
  return Object.entries(getLive().instances)
    .filter(([, each]) => each.connected && each.capabilities["search"] === true)
    .map(([id]) => id);
}

/** Start it everywhere it is wanted. A client that is searching already gives what that search finds. */
export async function startSearch(question: Question): Promise<Started> {
  const { query, type, extension } = question;
  const wanted = question.instanceId ? [question.instanceId] : searchers();
  const started: Started = { ids: "", taken: false };
  const ids: string[] = [];
  for (const instanceId of wanted) {
    try {
      const body = { query, type, instanceId, wait: false, ...(extension ? { extension } : {}) };
      ids.push((await call("post", "/api/v1/search", { body })).searchId);
    } catch (error) {
      const taken = error instanceof ApiError && error.code === "search_in_progress";
      const other = taken ? await findLast(instanceId) : "";
      if (other) ids.push(other);
      started.taken ||= taken;
      if (!taken) toastError(error, t("search.failed", { name: getLive().instances[instanceId]?.name ?? instanceId }));
    }
  }
  return { ...started, ids: ids.join(",") };
}
