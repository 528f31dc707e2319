/** A list of items with filters, selection, actions and the panel: Downloads and Shared are this. */
import { useCallback, useDeferredValue, useMemo, useState, type ReactNode } from "react";
import type { Item } from "../api/types";
import { AllHidden } from "../app/AllHidden";
import { useChannel, useHiddenInstances } from "../live/hooks";
import { keyOf } from "../live/state";
import { getLive, useItems, useLive } from "../live/store";
import { patchQuery, useQuery } from "../router/router";
import { readSort, writeSort, type Column, type Sort } from "../table/columns";
import { useLayout } from "../table/layout";
import { useSelection } from "../table/selection";
import { Table } from "../table/Table";
import { useOrder } from "../table/useOrder";
import type { Entry } from "../ui/Menu";
import { Skeleton } from "../ui/Parts";
import { PHONE, useMedia } from "../ui/useMedia";
import { ableTo } from "./abilities";
import { act } from "./acts";
import { BulkBar } from "./BulkBar";
import { actionEntries, entriesWithDetails, itemsOf } from "./entries";
import { useAsCurrent } from "./current";
import { countFacets, filterItems } from "./filter";
import { FilterBar } from "./FilterBar";
import { CARD_HEIGHT, ItemCard } from "./ItemCard";
import { PanelSlot } from "./panel/PanelSlot";
import { StaleLines } from "./StaleLines";
import { useFilter } from "./useFilter";

interface ItemListProps {
  /** The name under which its layout is kept. */
  name: string;
  label: string;
  columns: Column<Item>[];
  standard: Sort;
  /** Which items belong here; the same function each time. */
  belongs: (item: Item) => boolean;
  /** What is shown when nothing belongs here, or nothing fits. */
  empty: (total: number) => ReactNode;
  /** What can be done with the list as a whole. */
  tools?: Entry[];
}

export function ItemList({ name, label, columns, standard, belongs, empty, tools = [] }: ItemListProps) {
  // what is typed and what is scrolled comes first: the list follows in steps that can be interrupted
  const { items, revision } = useDeferredValue(useItems());
  const loaded = useLive((live) => live.loaded);
  const filter = useDeferredValue(useFilter());
  const [hidden] = useHiddenInstances();
  const [layout, setLayout] = useLayout(name);
  const [sortText] = useQuery("sort");
  const sort = readSort(sortText, standard);
  const [busy, setBusy] = useState(false);
  const all = useMemo(
    () => [...items.values()].filter((each) => belongs(each) && !hidden.includes(each.instanceId)),
    // the map is the same object; the revision says that entries changed
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [items, revision, belongs, hidden],
  );
  const [holding, setHolding] = useState(false);
  const sorts = [sort, ...(layout.second ? [layout.second] : []), { column: "added", descending: true }, NAME_LAST];
  // all are put in order, and filtered then: a letter in the filter sorts nothing
  const ordered = useOrder(all, keyOf, columns, sorts, busy || holding);
  const counts = useMemo(() => countFacets(all), [all]);
  const found = useMemo(() => filterItems(ordered.rows, filter), [ordered.rows, filter]);
  const rows = found.items;
  const keys = useMemo(() => rows.map(keyOf), [rows]);
  const selection = useSelection(keys);
  if (selection.keys.length > 0 !== holding) setHolding(selection.keys.length > 0);
  useAsCurrent(selection.keys);
  const [opened] = useQuery("item");
  useChannel("segmentData");

  const { click } = selection;
  const pick = useCallback((item: Item) => click(keyOf(item), { toggle: true }), [click]);
  const entries = useCallback((of: string[]) => entriesWithDetails(itemsOf(of), open, pick), [pick]);
  const picking = useMedia(PHONE) && selection.keys.length > 0;
  const chosen = itemsOf(selection.keys);
  const onSort = (next: Sort) => patchQuery({ sort: writeSort(next) });
  return (
    <div className="split">
      <div className="split-list">
        <FilterBar
          filter={filter}
          doing={found.doing}
          counts={counts}
          list={{ columns, layout, setLayout, sort, onSort, order: ordered, tools }}
        />
        <StaleLines belongs={belongs} />
        {loaded ? (
          <Table
            label={label}
            columns={columns}
            rows={rows}
            keyOf={keyOf}
            nameOf={nameOf}
            sort={sort}
            onSort={onSort}
            layout={layout}
            setLayout={setLayout}
            selection={selection}
            onOpen={picking ? pick : open}
            entries={entries}
            onKey={onKey}
            current={opened || null}
            isDimmed={isDimmed}
            card={drawCard}
            cardHeight={CARD_HEIGHT}
            empty={all.length === 0 && someBelong(items, belongs) ? <AllHidden /> : empty(all.length)}
            onBusy={setBusy}
          />
        ) : (
          <div className="page">
            <Skeleton lines={8} />
          </div>
        )}
        <BulkBar selection={selection} items={chosen} entries={actionEntries(chosen)} total={keys.length} />
      </div>
      {opened && <PanelSlot itemKey={opened} keys={keys} />}
    </div>
  );
}

/** Asked only where nothing is shown: what there is then is hidden. */
function someBelong(items: Map<string, Item>, belongs: (item: Item) => boolean): boolean {
  return [...items.values()].some(belongs);
}

const open = (item: Item) => patchQuery({ item: keyOf(item) }, "step");
const NAME_LAST: Sort = { column: "name", descending: false };
const nameOf = (item: Item) => item.name;
const isDimmed = (item: Item) => item.stale === true;
const drawCard = (item: Item) => <ItemCard item={item} />;

/** Space pauses or resumes, Del deletes. */
function onKey(key: string, keys: string[]): boolean {
  const items = itemsOf(keys);
  if (key === "Delete") {
    const able = ableTo("delete", items, getLive().instances);
    if (able.length > 0) act("delete", able);
    return true;
  }
  if (key !== " ") return false;
  const { instances } = getLive();
  const running = ableTo("pause", items, instances);
  if (running.length > 0) act("pause", running);
  else {
    const resting = ableTo("resume", items, instances);
    if (resting.length > 0) act("resume", resting);
  }
  return true;
}
