/** The tree: only the rows in sight are drawn; the arrows walk through it, and open and close its folders. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useId, useRef, useState, type KeyboardEvent } from "react";
import { t } from "../../../i18n";
import { FileRow } from "./FileRow";
import { onTreeKey } from "./keys";
import type { Priority, TreeRow } from "./tree";

const ROW_PX = 53;
const OVERSCAN = 8;

interface FileTreeProps {
  rows: TreeRow[];
  onToggle: (path: string) => void;
  onSet: ((files: number[], priority: Priority) => void) | null;
}

export function FileTree({ rows, onToggle, onSet }: FileTreeProps) {
  const frame = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const [activePath, setActivePath] = useState<string | null>(null);
  const at = rows.findIndex((each) => each.node.path === activePath);
  const idOf = (row: TreeRow) => `${prefix}-${row.node.path}`;
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are not kept beyond this component
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    getItemKey: (index) => rows[index]?.node.path ?? index,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  function go(index: number) {
    setActivePath(rows[index]?.node.path ?? null);
    virtual.scrollToIndex(index);
  }
  function press(event: KeyboardEvent) {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((frame.current?.clientHeight ?? 0) / ROW_PX) - 1);
    if (!onTreeKey(event.key, { rows, at, page, go, toggle: onToggle })) return;
    event.preventDefault();
    event.stopPropagation();
  }
  const active = rows[at];
  return (
    <div
      ref={frame}
      role="treegrid"
      tabIndex={0}
      className="file-tree"
      aria-label={t("panel.files")}
      aria-rowcount={rows.length}
      aria-activedescendant={active ? idOf(active) : undefined}
      onKeyDown={press}
    >
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index] as TreeRow;
          return (
            <FileRow
              key={row.node.path}
              id={idOf(row)}
              row={row}
              index={index}
              top={start}
              active={index === at}
              measure={virtual.measureElement}
              onPress={setActivePath}
              onToggle={onToggle}
              onSet={onSet}
            />
          );
        })}
      </div>
    </div>
  );
}
