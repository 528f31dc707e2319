/** One file or folder of the tree: its name, and below it size, progress and how much it is wanted. */
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { memo, type CSSProperties, type Ref } from "react";
import { bytes, exactBytes } from "../../../format/units";
import { t } from "../../../i18n";
import { Progress } from "../../../ui/Parts";
import { PriorityField } from "./PriorityField";
import type { Priority, TreeRow } from "./tree";

interface FileRowProps {
  row: TreeRow;
  id: string;
  index: number;
  top: number;
  active: boolean;
  measure: Ref<HTMLDivElement>;
  onPress: (path: string) => void;
  onToggle: (path: string) => void;
  onSet: ((files: number[], priority: Priority) => void) | null;
}

/** Drawn anew only when something of it changes, not with each step of the scroll bar. */
export const FileRow = memo(function FileRow({ row, id, index, top, active, measure, onPress, onToggle, onSet }: FileRowProps) {
  const { node, level, open } = row;
  const folder = node.inside !== null;
  const name = folder ? node.path : node.name;
  const set = onSet && ((priority: Priority) => onSet(node.files, priority));
  return (
    // the keys of a row are the tree's, which has the focus
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      role="row"
      id={id}
      ref={measure}
      data-index={index}
      aria-level={level}
      aria-posinset={row.place}
      aria-setsize={row.of}
      aria-rowindex={index + 1}
      aria-expanded={folder ? open : undefined}
      className={`file-row ${active ? "active" : ""} ${node.priority === 0 ? "skipped" : ""}`}
      style={{ transform: `translateY(${String(top)}px)`, "--level": level - 1 } as CSSProperties}
      onPointerDown={() => onPress(node.path)}
      onClick={(event) => {
        if (folder && !(event.target as Element).closest("select")) onToggle(node.path);
      }}
    >
      <div role="gridcell" className="file-name">
        <span className="file-fold">
          {folder && (open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />)}
        </span>
        <span className="file-text">{node.name}</span>
        {folder && <span className="quiet small number">{t("panel.fileCount", { count: node.files.length })}</span>}
      </div>
      <div role="gridcell" className="file-facts small number">
        <span className="file-size" title={exactBytes(node.size)}>
          {bytes(node.size)}
        </span>
        <Progress value={node.progress} label={name} tone={node.progress >= 100 ? "green" : "blue"} />
      </div>
      <div role="gridcell" className="file-wanted">
        <PriorityField label={`${t("column.priority")}: ${name}`} value={node.priority} tabIndex={active ? 0 : -1} onSet={set} />
      </div>
    </div>
  );
});
