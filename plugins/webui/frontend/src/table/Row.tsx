/** One row: drawn anew only when its item, its place or its marks change. */
import { IconDotsVertical } from "@tabler/icons-react";
import { memo, type MouseEvent, type PointerEvent, type ReactNode } from "react";
import { t } from "../i18n";
import type { Column } from "./columns";

export interface RowProps<Row> {
  row: Row;
  id: string;
  name: string;
  index: number;
  top: number;
  columns: Column<Row>[];
  selected: boolean;
  active: boolean;
  dimmed: boolean;
  card: ((row: Row) => ReactNode) | null;
  onTick: (index: number, event: MouseEvent) => void;
  onPress: (index: number, event: PointerEvent) => void;
  onEnter: (index: number) => void;
  onOpen: (index: number) => void;
  /** Show the menu of the row near the button. */
  onMenu: ((index: number, near: Element) => void) | null;
}

function RowInner<Row>(props: RowProps<Row>) {
  const { row, id, index, top, selected, active, dimmed, card } = props;
  const marks = `${active ? "active" : ""} ${dimmed ? "dimmed" : ""}`;
  return (
    // the keys of a row are the grid's, which has the focus
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      role="row"
      id={id}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`${card ? "table-card" : "table-row"} ${marks}`}
      style={{ transform: `translateY(${String(top)}px)` }}
      onPointerDown={(event) => props.onPress(index, event)}
      onPointerEnter={() => props.onEnter(index)}
      onClick={card ? () => props.onOpen(index) : undefined}
      onDoubleClick={() => props.onOpen(index)}
    >
      {card ? <div role="gridcell">{card(row)}</div> : <Cells {...props} />}
    </div>
  );
}

function Cells<Row>({ row, name, index, columns, selected, onTick, onMenu }: RowProps<Row>) {
  return (
    <>
      <div role="gridcell" aria-colindex={1} className="cell tick">
        <label>
          <input
            type="checkbox"
            aria-label={name}
            tabIndex={-1}
            checked={selected}
            onChange={() => undefined}
            onClick={(event) => onTick(index, event)}
          />
        </label>
      </div>
      {columns.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 2}
          className={`cell ${column.align ?? ""}`}
          title={column.exact?.(row) || undefined}
        >
          {column.cell(row)}
        </div>
      ))}
      <div role="gridcell" aria-colindex={columns.length + 2} className="cell dots">
        {onMenu && (
          <button
            type="button"
            className="btn btn-quiet btn-icon"
            aria-label={t("table.actions", { name })}
            aria-haspopup="menu"
            tabIndex={-1}
            onClick={(event) => onMenu(index, event.currentTarget)}
          >
            <IconDotsVertical size={16} aria-hidden />
          </button>
        )}
      </div>
    </>
  );
}

export const TableRow = memo(RowInner) as typeof RowInner;
