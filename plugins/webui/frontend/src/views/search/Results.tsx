/** What was found: kinds with counts, the table, and the bar that downloads what is selected. */
import { IconCheckbox, IconCopy, IconDownload, IconFilterOff, IconListDetails } from "@tabler/icons-react";
import { useCallback, useMemo, useState, type ReactNode } from "react";
import { may } from "../../api/me";
import { AllHidden } from "../../app/AllHidden";
import { count } from "../../format/units";
import { t } from "../../i18n";
import { matches, wordsOf } from "../../items/words";
import { useHiddenInstances } from "../../live/hooks";
import { getLive, useLive } from "../../live/store";
import { patchQuery, useQuery } from "../../router/router";
import { readSort, writeSort, type Sort } from "../../table/columns";
import { useLayout } from "../../table/layout";
import { ListTools } from "../../table/ListTools";
import { useSelection } from "../../table/selection";
import { SelectionBar } from "../../table/SelectionBar";
import { Table } from "../../table/Table";
import { useOrder } from "../../table/useOrder";
import { Button } from "../../ui/Button";
import { copyText } from "../../ui/copy";
import type { Entry } from "../../ui/Menu";
import { Empty } from "../../ui/Parts";
import { PHONE, useMedia } from "../../ui/useMedia";
import { CARD_HEIGHT, ResultCard } from "./Card";
import { RESULT_COLUMNS } from "./columns";
import { getResults, linkOf, useChoice } from "./get";
import { KINDS, kindOf, type Kind } from "./kinds";
import { markOf } from "./marks";
import { openResult, ResultPanel } from "./ResultPanel";
import { keyOfFound, type Found, type Run } from "./runs";
import { TargetFields } from "./Target";

interface ResultsProps {
  runs: Run[];
  /** What is shown when nothing was found, or nothing was asked. */
  empty: ReactNode;
}

const BY_SOURCES: Sort = { column: "sources", descending: true };
const NAME_LAST: Sort = { column: "name", descending: false };
const SIZE = 16;

export function Results({ runs, empty }: ResultsProps) {
  const [layout, setLayout] = useLayout("search");
  const [sortText] = useQuery("sort");
  const sort = readSort(sortText, BY_SOURCES);
  const [busy, setBusy] = useState(false);
  const phone = useMedia(PHONE);
  const [choice] = useChoice();
  const [opened] = useQuery("result");
  const { all, shown, counts } = useFiltered(runs);
  const onSort = (next: Sort) => patchQuery({ sort: writeSort(next) });
  const sorts = [sort, ...(layout.second ? [layout.second] : []), NAME_LAST];
  const arriving = runs.some((each) => each.running);
  const ordered = useOrder(shown, keyOfFound, MOVING, sorts, busy && arriving);
  const keys = useMemo(() => ordered.rows.map(keyOfFound), [ordered.rows]);
  const selection = useSelection(keys);
  const rowsOf = useCallback(
    (of: string[]) => {
      const wanted = new Set(of);
      return ordered.rows.filter((row) => wanted.has(keyOfFound(row)));
    },
    [ordered.rows],
  );
  const get = (rows: Found[]) => {
    void getResults(rows, choice);
    selection.clear();
  };
  const open = (row: Found) => {
    if (phone && selection.keys.length > 0) selection.click(keyOfFound(row), { toggle: true });
    else openResult(keyOfFound(row));
  };
  const entries = (of: string[]): Entry[] => {
    const rows = rowsOf(of);
    const links = rows.flatMap((row) => linkOf(row) ?? []);
    const [first] = rows;
    const list: (Entry | false | undefined)[] = [
      rows.length === 1 && first && { id: "open", text: t("act.open"), icon: <IconListDetails size={SIZE} aria-hidden />, onSelect: () => openResult(keyOfFound(first)) },
      may("add_downloads") && { id: "get", text: t("search.get"), icon: <IconDownload size={SIZE} aria-hidden />, onSelect: () => get(rows) },
      { id: "select", text: t("act.select"), icon: <IconCheckbox size={SIZE} aria-hidden />, onSelect: () => selection.set(of) },
      links.length > 0 && { id: "copy", text: t("act.copyLink", { count: links.length }), icon: <IconCopy size={SIZE} aria-hidden />, onSelect: () => void copyText(links.join("\n")) },
    ];
    return list.filter((each): each is Entry => !!each);
  };
  if (all.length === 0) return empty;
  return (
    <div className="split">
      <div className="split-list">
        <div className="filter-bar">
          <Kinds counts={counts} />
          <span className="push row">
            <HideKnown />
            <ListTools columns={RESULT_COLUMNS} layout={layout} setLayout={setLayout} sort={sort} onSort={onSort} order={ordered} />
          </span>
        </div>
        <Table
          label={t("search.results")}
          columns={RESULT_COLUMNS}
          rows={ordered.rows}
          keyOf={keyOfFound}
          nameOf={(row) => row.fileName}
          sort={sort}
          onSort={onSort}
          layout={layout}
          setLayout={setLayout}
          selection={selection}
          onOpen={open}
          entries={entries}
          card={(row) => <ResultCard row={row} />}
          cardHeight={CARD_HEIGHT}
          empty={all.length === 0 && runs.some((run) => run.rows.size > 0) ? <AllHidden /> : <NothingFits total={all.length} />}
          onBusy={setBusy}
        />
        <SelectionBar selection={selection} total={keys.length} className="search-bulk">
          {may("add_downloads") && (
            <span className="push row search-target">
              <TargetFields hideLabels />
              <Button look="primary" onClick={() => get(rowsOf(selection.keys))}>
                <IconDownload size={16} aria-hidden />
                {t("search.get")}
              </Button>
            </span>
          )}
        </SelectionBar>
      </div>
      {opened && <ResultPanel resultKey={opened} row={all.find((each) => keyOfFound(each) === opened)} keys={keys} />}
    </div>
  );
}

/** While results arrive, every sort moves. */
const MOVING = RESULT_COLUMNS.map((each) => ({ ...each, moving: true }));

function useFiltered(runs: Run[]): { all: Found[]; shown: Found[]; counts: Map<Kind, number> } {
  const [text] = useQuery("q");
  const [kind] = useQuery("kind");
  const [fresh] = useQuery("new");
  const [hidden] = useHiddenInstances();
  const revision = useLive((live) => (fresh ? live.revision : 0));
  const all = useMemo(
    () => runs.flatMap((run) => (hidden.includes(run.instanceId) ? [] : [...run.rows.values()])),
    [runs, hidden],
  );
  return useMemo(() => {
    const words = wordsOf(text);
    const live = getLive();
    const fits = all.filter(
      (row) => matches(row.fileName.toLowerCase(), words) && (!fresh || markOf(row, live) === "new"),
    );
    const counts = new Map<Kind, number>();
    for (const row of fits) counts.set(kindOf(row.fileName), (counts.get(kindOf(row.fileName)) ?? 0) + 1);
    return { all, counts, shown: kind ? fits.filter((row) => kindOf(row.fileName) === kind) : fits };
    // the revision says that items changed, which decide what is new
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [all, text, kind, fresh, revision]);
}

function Kinds({ counts }: { counts: Map<Kind, number> }) {
  const [now, set] = useQuery("kind", "step");
  const seen = KINDS.filter((each) => counts.has(each) || now === each);
  const sum = [...counts.values()].reduce((all, each) => all + each, 0);
  const tab = (kind: string, word: string, found: number) => (
    <button key={kind} type="button" className="filter-tab" aria-pressed={kind === now} onClick={() => set(kind)}>
      {word}
      <span className="number">{count(found)}</span>
    </button>
  );
  return (
    <div className="filter-tabs" role="group" aria-label={t("search.kind")}>
      {tab("", t("filter.all"), sum)}
      {seen.map((each) => tab(each, t(`search.kind.${each}`), counts.get(each) ?? 0))}
    </div>
  );
}

function HideKnown() {
  const [fresh, set] = useQuery("new");
  return (
    <Button className={fresh ? "filter-chip on" : "filter-chip"} aria-pressed={fresh !== ""} onClick={() => set(fresh ? null : "1")}>
      {t("search.onlyNew")}
    </Button>
  );
}

function NothingFits({ total }: { total: number }) {
  return (
    <Empty icon={<IconFilterOff size={40} aria-hidden />} title={t("downloads.noMatchTitle")}>
      <p>{t("search.noMatch", { count: total })}</p>
      <Button onClick={() => patchQuery({ q: null, kind: null, new: null }, "step")}>{t("action.clearFilters")}</Button>
    </Empty>
  );
}
