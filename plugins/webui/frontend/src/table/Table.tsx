/** The one list of all views: virtual, sorted by its heads, arranged by its user, driven by mouse, touch or keys. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useId, useRef, useState, type MouseEvent, type PointerEvent, type ReactNode } from "react";
import { t } from "../i18n";
import { AtPointer, type Entry } from "../ui/Menu";
import { useLatest } from "../ui/useLatest";
import { PHONE, useMedia } from "../ui/useMedia";
import type { Column, Sort } from "./columns";
import { Head } from "./Head";
import { onTableKey } from "./keys";
import type { Layout } from "./layout";
import { TableRow } from "./Row";
import type { Selection } from "./selection";
import "./table.css";
import { useArranged } from "./useArranged";
import { useListKeys } from "./useListKeys";
import { scrolledTo, useScrollMemory } from "./useScrollMemory";
import { useWidth } from "./useWidth";

export interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  /** Filtered and in order. */
  rows: Row[];
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  sort: Sort;
  onSort: (sort: Sort) => void;
  layout: Layout;
  setLayout: (layout: Layout) => void;
  selection: Selection;
  /** Open the details of a row. */
  onOpen: (row: Row) => void;
  /** What can be done with the rows of these keys. */
  entries?: (keys: string[]) => Entry[];
  /** Keys of the view's own, for the row that is active or those selected. */
  onKey?: (key: string, keys: string[]) => boolean;
  /** The row whose details are open: it becomes the active one, and is brought into sight. */
  current?: string | null;
  isDimmed?: (row: Row) => boolean;
  /** How a row looks on a phone. */
  card?: (row: Row) => ReactNode;
  cardHeight?: number;
  empty: ReactNode;
  /** Somebody is in the list: its order is to be held. */
  onBusy?: (busy: boolean) => void;
}

const ROW = 36;
const COMPACT = 28;
const LARGE = 40;
const OVERSCAN = 3;

export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, keyOf, selection, layout, onOpen, entries } = props;
  const frame = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const width = useWidth(frame);
  const phone = useMedia(PHONE);
  const card = phone ? (props.card ?? null) : null;
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const at = activeKey === null ? -1 : rows.findIndex((row) => keyOf(row) === activeKey);
  const [seen, template] = useArranged(columns, layout, width);
  const large = document.documentElement.dataset["text"] === "large";
  const height = card ? (props.cardHeight ?? 84) : layout.compact ? COMPACT : large ? LARGE : ROW;
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are not kept beyond this component
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    useFlushSync: false,
    scrollPaddingStart: card ? 0 : 33,
    initialOffset: () => scrolledTo(props.label),
  });
  useScrollMemory(props.label, frame);
  useEffect(() => virtual.measure(), [virtual, height]);
  const current = props.current ?? null;
  const [followed, setFollowed] = useState<string | null>(null);
  if (current !== followed) {
    setFollowed(current);
    if (current !== null) setActiveKey(current);
  }
  const place = useLatest(at);
  useEffect(() => {
    if (current !== null && place.current >= 0) virtual.scrollToIndex(place.current);
  }, [virtual, current, place]);

  const now = useLatest({ rows, selection, entries, onOpen, keyOf, card });
  const pressed = useRef(false);
  const aimed = useCallback(
    (index: number): string[] => {
      const key = now.current.keyOf(now.current.rows[index] as Row);
      return now.current.selection.has(key) ? now.current.selection.keys : [key];
    },
    [now],
  );
  const press = useCallback(
    (index: number, event: PointerEvent) => {
      const key = now.current.keyOf(now.current.rows[index] as Row);
      setActiveKey(key);
      const inner = (event.target as Element).closest("a, button, input, label");
      // a card is opened by a click, as by a tap
      if (event.button !== 0 || event.pointerType !== "mouse" || inner || now.current.card) return;
      pressed.current = true;
      now.current.selection.click(key, { toggle: event.ctrlKey || event.metaKey, range: event.shiftKey });
    },
    [now],
  );
  const enter = useCallback(
    (index: number) => {
      if (pressed.current) now.current.selection.click(now.current.keyOf(now.current.rows[index] as Row), { range: true });
    },
    [now],
  );
  const tick = useCallback(
    (index: number, event: MouseEvent) => {
      now.current.selection.click(now.current.keyOf(now.current.rows[index] as Row), { toggle: true, range: event.shiftKey });
    },
    [now],
  );
  const open = useCallback((index: number) => now.current.onOpen(now.current.rows[index] as Row), [now]);
  const menuOf = (index: number) => entries?.(aimed(index)) ?? [];
  const showMenu = useCallback(
    (index: number, near?: Element) => {
      setActiveKey(now.current.keyOf(now.current.rows[index] as Row));
      const row = frame.current?.querySelector(`[data-index="${String(index)}"]`);
      // a row that is out of sight has its menu where the list begins
      const box = (near ?? row ?? frame.current?.firstElementChild)?.getBoundingClientRect();
      if (!box) return;
      const place = { bubbles: true, cancelable: true, clientX: box.left + (near ? 0 : 60), clientY: box.bottom - 6 };
      frame.current?.dispatchEvent(new window.MouseEvent("contextmenu", place));
    },
    [now],
  );

  const some = selection.keys.length > 0;
  function go(index: number, extend: boolean) {
    const key = keyOf(rows[index] as Row);
    setActiveKey(key);
    // a range begins where one is
    if (extend && !some && activeKey !== null && at >= 0) selection.click(activeKey);
    if (extend) selection.click(key, { range: true });
    virtual.scrollToIndex(index);
    // who reads the screen by ear hears the row that is active
    frame.current?.focus({ preventScroll: true });
  }
  const aim = () => (some ? selection.keys : activeKey !== null && at >= 0 ? [activeKey] : []);
  // the row whose menu shows what can be done with those that are aimed at
  const aimedAt = () => (activeKey !== null && (!some || selection.has(activeKey)) ? at : rows.findIndex((row) => selection.has(keyOf(row))));
  useListKeys((event) =>
    onTableKey(event, {
      count: rows.length,
      at,
      page: Math.max(1, Math.floor((frame.current?.clientHeight ?? height) / height) - 1),
      go,
      toggle: () => activeKey !== null && at >= 0 && selection.click(activeKey, { toggle: true }),
      open: () => at >= 0 && open(at),
      all: selection.all,
      clear: () => {
        selection.clear();
        return some;
      },
      menu: () => aimedAt() >= 0 && showMenu(aimedAt()),
      other: (key) => props.onKey?.(key, aim()) ?? false,
    }),
  );
  const list = (
    // the grid is the one that has the focus, and no row: they are named by aria-activedescendant
    <div
      ref={frame}
      role="grid"
      tabIndex={0}
      className="table"
      aria-label={props.label}
      aria-multiselectable
      aria-rowcount={rows.length + 1}
      aria-colcount={seen.length + 2}
      aria-activedescendant={at >= 0 ? `${prefix}-${activeKey ?? ""}` : undefined}
      style={{ "--columns": template, "--row-height": `${String(height)}px` } as React.CSSProperties}
      onPointerUp={() => (pressed.current = false)}
      onPointerLeave={() => {
        pressed.current = false;
        props.onBusy?.(false);
      }}
      onPointerEnter={() => props.onBusy?.(true)}
    >
      <div role="rowgroup" className={card ? "sr-only" : "table-head"}>
        <div role="row" className="table-head-row" aria-rowindex={1}>
          <div role="columnheader" aria-colindex={1} className="cell tick">
            <label>
              <input
                type="checkbox"
                aria-label={t("table.selectAll")}
                checked={rows.length > 0 && selection.keys.length === rows.length}
                onChange={(event) => (event.target.checked ? selection.all() : selection.clear())}
              />
            </label>
          </div>
          <Head {...props} all={columns} columns={seen} />
          <div role="columnheader" aria-colindex={seen.length + 2}>
            <span className="sr-only">{t("action.more")}</span>
          </div>
        </div>
      </div>
      {rows.length === 0 ? (
        <div role="row" className="table-empty">
          <div role="gridcell">{props.empty}</div>
        </div>
      ) : (
        <div role="rowgroup" className="table-body" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((place) => {
            const row = rows[place.index] as Row;
            const key = keyOf(row);
            return (
              <TableRow
                key={key}
                id={`${prefix}-${key}`}
                name={props.nameOf(row)}
                row={row}
                index={place.index}
                top={place.start}
                columns={seen}
                selected={selection.has(key)}
                active={key === activeKey}
                dimmed={props.isDimmed?.(row) ?? false}
                card={card}
                onTick={tick}
                onPress={press}
                onEnter={enter}
                onOpen={open}
                onMenu={entries ? showMenu : null}
              />
            );
          })}
        </div>
      )}
    </div>
  );
  if (!entries) return <div className="table-frame">{list}</div>;
  return (
    <div className="table-frame">
      <AtPointer entries={() => (at >= 0 ? menuOf(at) : [])} onOpenChange={props.onBusy}>
        {list}
      </AtPointer>
    </div>
  );
}
