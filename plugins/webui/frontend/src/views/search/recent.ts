/** What this user searched for: kept with the account, the last first. Results stay with the daemon, as long as it runs. */
import { usePreference } from "../../prefs/preferences";

export interface Recent {
  query: string;
  /** Which network of the client, for those that have several. */
  type: SearchType;
  /** Empty: all clients that can search. */
  instanceId: string;
  extension: string;
  /** Its ids; they mean something in that run of the daemon alone. */
  ids: string;
  session: string | null;
  at: number;
}

export type SearchType = "global" | "local" | "kad";
export type Question = Pick<Recent, "query" | "type" | "instanceId" | "extension">;

const MOST = 20;
const NONE: Recent[] = [];

/** The list with one more at its head; the same question stands in it once. */
export function withRecent(before: Recent[], next: Recent): Recent[] {
  const same = (each: Recent) =>
    each.query === next.query &&
    each.type === next.type &&
    each.instanceId === next.instanceId &&
    each.extension === next.extension;
  return [next, ...before.filter((each) => !same(each))].slice(0, MOST);
}

export function useRecent(): [Recent[], (recent: Recent[]) => void] {
  return usePreference("searches", NONE);
}
