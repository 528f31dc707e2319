/** What was ever downloaded: sorted and filtered by the daemon, page by page. */
import { IconCheckbox, IconFilterOff, IconHistory, IconListDetails, IconTrash } from "@tabler/icons-react";
import { useMemo } from "react";
import { AllHidden } from "../../app/AllHidden";
import { call } from "../../api/client";
import { getMe, may } from "../../api/me";
import { t } from "../../i18n";
import "../../items/items.css";
import { useShown } from "../../live/hooks";
import { patchQuery, usePlace, useQuery } from "../../router/router";
import { readSort, writeSort, type Sort } from "../../table/columns";
import { useLayout } from "../../table/layout";
import { useSelection } from "../../table/selection";
import { SelectionBar } from "../../table/SelectionBar";
import { Table } from "../../table/Table";
import { Button } from "../../ui/Button";
import { confirm } from "../../ui/Confirm";
import type { Entry as MenuEntry } from "../../ui/Menu";
import { Empty, Skeleton } from "../../ui/Parts";
import { runMany } from "../../ui/runMany";
import { Trouble } from "../../ui/Trouble";
import { PHONE, useMedia } from "../../ui/useMedia";
import { CARD_HEIGHT, EntryCard } from "./Card";
import { historyColumns } from "./columns";
import { Details, keyOfEntry } from "./Details";
import { Export } from "./Export";
import { clearFilters, Filters } from "./Filters";
import "./history.css";
import { MOST, type Place } from "./pager";
import { isFiltering, NEWEST, questionOf, type Entry, type Query } from "./question";
import { usePager } from "./usePager";

const SIZE = 16;

export default function History() {
  const { query: place } = usePlace();
  const { query, none, waiting } = useShown();
  if (waiting) {
    return (
      <div className="page">
        <Skeleton lines={8} />
      </div>
    );
  }
  return none && !place.get("instance") ? <AllHidden /> : <Shown query={questionOf(place, query)} />;
}

function Shown({ query }: { query: Query }) {
  const { query: place } = usePlace();
  const { pager, places, total, error, old } = usePager(query);
  const [layout, setLayout] = useLayout("history");
  const [opened, setOpened] = useQuery("entry", "step");
  const phone = useMedia(PHONE);
  const columns = useMemo(() => historyColumns(pager), [pager]);
  const keys = useMemo(() => places.map(keyOfPlace), [places]);
  const found = useSelection(keys);
  // what is selected has to be known by name, not by its place
  const selection = { ...found, all: () => void pager.all().then((entries) => found.set(entries.map(keyOfEntry))) };
  const sort = readSort(place.get("sort") ?? "", NEWEST);
  const onSort = (next: Sort) => patchQuery({ sort: writeSort(next) });
  const entriesOf = (of: string[]): Entry[] => {
    const wanted = new Set(of);
    return places.flatMap((each) => (each.entry && wanted.has(keyOfPlace(each)) ? each.entry : []));
  };
  const remove = (entries: Entry[]) => askAndDelete(entries, () => {
    found.clear();
    void pager.refresh();
    // Back does not lead to what is gone
    if (entries.some((each) => keyOfEntry(each) === opened)) patchQuery({ entry: null });
  });
  const open = ({ entry }: Place) => {
    if (!entry) return;
    if (phone && found.keys.length > 0) found.click(keyOfEntry(entry), { toggle: true });
    else setOpened(keyOfEntry(entry));
  };
  const menu = (of: string[]): MenuEntry[] => {
    const entries = entriesOf(of);
    const [first] = entries;
    const list: (MenuEntry | false | undefined)[] = [
      entries.length === 1 && first && { id: "open", text: t("act.open"), icon: <IconListDetails size={SIZE} aria-hidden />, onSelect: () => setOpened(keyOfEntry(first)) },
      { id: "select", text: t("act.select"), icon: <IconCheckbox size={SIZE} aria-hidden />, onSelect: () => found.set(of) },
      may("clear_history") && { id: "delete", text: t("hist.delete"), icon: <IconTrash size={SIZE} aria-hidden />, danger: true, line: true, onSelect: () => remove(entries) },
    ];
    return list.filter((each): each is MenuEntry => !!each);
  };
  return (
    <div className="split">
      <div className={old && total !== null ? "split-list history-old" : "split-list"}>
        <Filters users={getMe().authEnabled} list={{ columns, layout, setLayout, sort, onSort, second: false }}>
          <Export query={query} />
        </Filters>
        {error !== null && <Trouble text={error} onRetry={() => void pager.refresh()} />}
        {total !== null && total > MOST && <div className="table-note">{t("hist.more", { count: total, most: MOST })}</div>}
        {total === null ? (
          error === null && (
            <div className="page">
              <Skeleton lines={8} />
            </div>
          )
        ) : (
          <Table
            label={t("nav.history")}
            columns={columns}
            rows={places}
            keyOf={keyOfPlace}
            nameOf={(each) => each.entry?.filename ?? t("state.loading")}
            sort={sort}
            onSort={onSort}
            layout={layout}
            setLayout={setLayout}
            selection={selection}
            onOpen={open}
            entries={menu}
            onKey={(key, of) => {
              const entries = entriesOf(of);
              if (key !== "Delete" || entries.length === 0 || !may("clear_history")) return false;
              remove(entries);
              return true;
            }}
            card={(each) => <EntryCard place={each} pager={pager} />}
            cardHeight={CARD_HEIGHT}
            empty={<Nothing filtered={isFiltering(place)} />}
          />
        )}
        <SelectionBar selection={selection} total={Math.min(total ?? 0, MOST)}>
          {may("clear_history") && (
            <Button className="wrong push" onClick={() => remove(entriesOf(found.keys))}>
              <IconTrash size={SIZE} aria-hidden />
              {t("hist.delete")}
            </Button>
          )}
        </SelectionBar>
      </div>
      {opened && <Details key={opened} entryKey={opened} onClose={() => setOpened(null)} onDelete={remove} />}
    </div>
  );
}

function keyOfPlace({ entry, index }: Place): string {
  return entry ? keyOfEntry(entry) : `#${String(index)}`;
}

function askAndDelete(entries: Entry[], done: () => void): void {
  const each = ({ hash, instance_id: instanceId }: Entry) =>
    call("delete", "/api/history/{hash}", { path: { hash }, body: { instanceId } });
  confirm({
    title: t("hist.deleteTitle", { count: entries.length }),
    children: <p>{t("hist.deleteText")}</p>,
    yes: t("hist.delete"),
    onYes: () => void runMany({ name: t("hist.delete"), things: entries, nameOf: (entry) => entry.filename, each }).then(done),
  });
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty icon={<IconFilterOff size={40} aria-hidden />} title={t("downloads.noMatchTitle")}>
        <Button onClick={clearFilters}>{t("action.clearFilters")}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon={<IconHistory size={40} aria-hidden />} title={t("hist.noneTitle")}>
      <p>{t("hist.noneText")}</p>
    </Empty>
  );
}
