/** The heads of the columns: a click sorts, the edge resizes (by keys too), dragging one onto another moves it. */
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { t } from "../i18n";
import type { Column, Sort } from "./columns";
import { movedTo, resized, type Layout } from "./layout";

interface HeadProps<Row> {
  all: Column<Row>[];
  columns: Column<Row>[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  layout: Layout;
  setLayout: (layout: Layout) => void;
}

const STEP = 16;

export function Head<Row>({ all, columns, sort, onSort, layout, setLayout }: HeadProps<Row>) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  return columns.map((column, index) => {
    const mine = sort.column === column.id;
    const descending = mine ? !sort.descending : (column.descending ?? false);
    return (
      // what takes the focus is the button in it; dragging has a twin in the menu of columns
      // eslint-disable-next-line jsx-a11y/interactive-supports-focus
      <div
        key={column.id}
        role="columnheader"
        aria-colindex={index + 2}
        aria-sort={mine ? (sort.descending ? "descending" : "ascending") : undefined}
        className={`head-cell ${column.align ?? ""} ${over === column.id ? "over" : ""}`}
        onDragOver={(event) => {
          if (dragged === null) return;
          event.preventDefault();
          setOver(column.id);
        }}
        onDrop={(event) => {
          event.preventDefault();
          if (dragged !== null) setLayout(movedTo(all, layout, dragged, column.id));
          setOver(null);
        }}
      >
        <button
          type="button"
          className="head-button"
          disabled={!column.value}
          draggable
          onClick={() => onSort({ column: column.id, descending })}
          onDragStart={(event) => {
            event.dataTransfer.setData("text/x-column", column.id);
            setDragged(column.id);
          }}
          onDragEnd={() => {
            setDragged(null);
            setOver(null);
          }}
        >
          <span>{t(column.title)}</span>
          {mine && (sort.descending ? <IconArrowDown size={14} aria-hidden /> : <IconArrowUp size={14} aria-hidden />)}
        </button>
        <Grip column={column} layout={layout} setLayout={setLayout} />
      </div>
    );
  });
}

interface GripProps<Row> {
  column: Column<Row>;
  layout: Layout;
  setLayout: (layout: Layout) => void;
}

function Grip<Row>({ column, layout, setLayout }: GripProps<Row>) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const width = layout.widths?.[column.id] ?? column.width;
  function press(event: PointerEvent<HTMLElement>) {
    event.currentTarget.setPointerCapture(event.pointerId);
    const seen = event.currentTarget.parentElement?.offsetWidth ?? width;
    start.current = { x: event.clientX, width: seen };
  }
  function move(event: PointerEvent) {
    if (start.current) setLayout(resized(layout, column.id, start.current.width + event.clientX - start.current.x));
  }
  function key(event: KeyboardEvent) {
    const by = event.key === "ArrowLeft" ? -STEP : event.key === "ArrowRight" ? STEP : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    setLayout(resized(layout, column.id, width + by));
  }
  return (
    <span
      role="slider"
      aria-label={t("table.resize", { name: t(column.title) })}
      aria-valuenow={width}
      aria-valuemin={44}
      aria-valuemax={2000}
      tabIndex={0}
      className="grip"
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={() => (start.current = null)}
      onKeyDown={key}
    />
  );
}
