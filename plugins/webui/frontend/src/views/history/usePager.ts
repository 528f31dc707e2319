/** The pages of the answer to a question. While the first page of another answer is on its way, the last one stays. */
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { call } from "../../api/client";
import { Pager, type Pages } from "./pager";
import type { Query } from "./question";

const EVERY_MS = 30_000;
const TYPING_MS = 200;

export interface Paged extends Pages {
  pager: Pager;
  /** The pages belong to the question before. */
  old: boolean;
}

export function usePager(query: Query): Paged {
  const key = JSON.stringify(query);
  const next = useMemo(() => {
    const question = JSON.parse(key) as Query;
    return new Pager((offset, limit) => call("get", "/api/history", { query: { ...question, offset, limit } }));
  }, [key]);
  const [shown, setShown] = useState(next);
  useEffect(() => {
    let current = true;
    const wait = setTimeout(() => {
      void next.need(0).then(() => current && setShown(next));
    }, TYPING_MS);
    const timer = setInterval(() => {
      if (!document.hidden) void next.refresh();
    }, EVERY_MS);
    return () => {
      current = false;
      clearTimeout(wait);
      clearInterval(timer);
    };
  }, [next]);
  const pages = useSyncExternalStore(shown.subscribe, shown.read);
  return { ...pages, pager: shown, old: shown !== next };
}
