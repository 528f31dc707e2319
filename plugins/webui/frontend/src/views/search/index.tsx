/** Search the networks of all clients that can: results arrive as they are found. */
import { IconSearch, IconSearchOff } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { t } from "../../i18n";
import "../../items/items.css";
import { getLive, useLive } from "../../live/store";
import { getPlace, patchQuery, useQuery } from "../../router/router";
import { Button } from "../../ui/Button";
import { Empty, Skeleton } from "../../ui/Parts";
import { toast } from "../../ui/toasts";
import { useLatest } from "../../ui/useLatest";
import { SearchForm } from "./Form";
import { useRecent, withRecent, type Question, type Recent } from "./recent";
import { Results } from "./Results";
import { RunLines } from "./RunLines";
import "./search.css";
import { startSearch } from "./start";
import { findLast, useRuns } from "./useRuns";

const NOTHING: Question = { query: "", type: "global", instanceId: "", extension: "" };

/** Other results: nothing of them is chosen yet. */
const FRESH = { kind: null, q: null, result: null };

export default function Search() {
  const loaded = useLive((live) => live.loaded);
  if (!loaded) {
    return (
      <div className="page">
        <Skeleton lines={8} />
      </div>
    );
  }
  return <Loaded />;
}

function Loaded() {
  const [ids] = useQuery("s");
  const [asked] = useQuery("query");
  const [recent, setRecent] = useRecent();
  const [starting, setStarting] = useState(false);
  const [typed, setTyped] = useState<Question | null>(null);
  const session = useLive((live) => live.session);
  const { runs, loading } = useRuns(ids);
  const last = recent.find((each) => each.ids === ids && each.session === session);
  const running = runs.some((each) => each.running);

  const search = useCallback(
    async (question: Question) => {
      setStarting(true);
      const started = await startSearch(question);
      setStarting(false);
      // what the address asked for is no step to go back to: it would search again
      const how = getPlace().query.has("query") ? "touch" : "step";
      patchQuery({ query: null, ...(started.ids ? { ...FRESH, s: started.ids } : {}) }, how);
      if (started.taken) toast(t("search.taken"));
      else if (started.ids) setRecent(withRecent(recent, { ...question, ids: started.ids, session: getLive().session, at: Date.now() }));
    },
    [recent, setRecent],
  );
  useFirst(asked, ids, search);
  useBack(() => setTyped(null));
  const again = (each: Recent) => {
    setTyped(each);
    if (each.session === session) patchQuery({ ...FRESH, s: each.ids }, "step");
    else void search(each);
  };
  const seen = asked || (runs[0]?.query ?? "");
  const question = typed ?? (!asked && last ? last : { ...NOTHING, query: seen });
  const showOther = (instanceId: string) => {
    setTyped(null);
    void findLast(instanceId).then((found) => patchQuery({ ...FRESH, s: found }, "step"));
  };
  const mine = new Set(recent.flatMap((each) => (each.session === session ? each.ids.split(",") : [])));
  return (
    <div className="split-list">
      <SearchForm
        question={question}
        onChange={setTyped}
        recent={recent}
        busy={starting || running}
        onSearch={(question) => void search(question)}
        onRecent={again}
        onForget={() => setRecent([])}
      />
      <RunLines runs={runs} mine={mine} onShow={showOther} />
      <Results
        runs={runs}
        empty={
          <Nothing asked={ids !== ""} waiting={running || starting || loading}>
            {recent.length > 0 && (
              <div className="search-recent">
                {recent.map((each) => (
                  <Button key={`${String(each.at)} ${each.query}`} onClick={() => again(each)}>
                    <span>{each.query}</span>
                  </Button>
                ))}
              </div>
            )}
          </Nothing>
        }
      />
    </div>
  );
}

/** Back and Forward lead to other results, which had a question of their own. */
function useBack(act: () => void): void {
  const now = useLatest(act);
  useEffect(() => {
    const hear = () => now.current();
    addEventListener("popstate", hear);
    return () => removeEventListener("popstate", hear);
  }, [now]);
}

/** What the address asks for is searched at once; without anything the last results come back. */
function useFirst(asked: string, ids: string, search: (question: Question) => Promise<void>): void {
  const done = useRef("");
  useEffect(() => {
    const what = asked ? `query ${asked}` : "last";
    if (done.current === what) return;
    done.current = what;
    if (asked) void search({ ...NOTHING, query: asked });
    else if (!ids) void findLast().then((found) => found && patchQuery({ s: found }));
  }, [asked, ids, search]);
}

interface NothingProps {
  asked: boolean;
  waiting: boolean;
  children: React.ReactNode;
}

function Nothing({ asked, waiting, children }: NothingProps) {
  if (waiting) {
    return (
      <div className="page">
        <Skeleton lines={6} />
      </div>
    );
  }
  if (asked) {
    return (
      <Empty icon={<IconSearchOff size={40} aria-hidden />} title={t("search.nothingTitle")}>
        <p>{t("search.nothingText")}</p>
        {children}
      </Empty>
    );
  }
  return (
    <Empty icon={<IconSearch size={40} aria-hidden />} title={t("search.beginTitle")}>
      <p>{t("search.beginText")}</p>
      {children}
    </Empty>
  );
}
