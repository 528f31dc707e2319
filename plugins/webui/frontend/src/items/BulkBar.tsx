/** What can be done with the selection: slides up when there is one. */
import { IconX } from "@tabler/icons-react";
import type { Item } from "../api/types";
import { t } from "../i18n";
import type { Selection } from "../table/selection";
import { Button, IconButton } from "../ui/Button";
import { Menu, type Entry } from "../ui/Menu";
import "./items.css";

interface BulkBarProps {
  selection: Selection;
  items: Item[];
  entries: Entry[];
  /** How many there are to select. */
  total: number;
}

const SHOWN = 5;

export function BulkBar({ selection, items, entries, total }: BulkBarProps) {
  if (items.length === 0) return null;
  const first = entries.filter((each) => each.id !== "delete" && !each.entries).slice(0, SHOWN);
  const rest = entries.filter((each) => !first.includes(each) && each.id !== "delete");
  const remove = entries.find((each) => each.id === "delete");
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t("bulk.label")}>
      <IconButton label={t("bulk.clear")} onClick={selection.clear}>
        <IconX size={18} aria-hidden />
      </IconButton>
      <span className="bulk-count number">
        {t("bulk.selected", { count: items.length })}
      </span>
      {items.length < total && (
        <Button look="quiet" className="bulk-all" onClick={selection.all}>
          {t("bulk.selectAll", { count: total })}
        </Button>
      )}
      <span className="bulk-actions">
        {first.map((each) => (
          <EntryButton key={each.id} entry={each} />
        ))}
      </span>
      {rest.length > 0 && (
        <Menu entries={() => rest} align="end">
          <Button>{t("action.more")}</Button>
        </Menu>
      )}
      {/* on a phone the buttons are in this menu instead */}
      <span className="bulk-menu">
        <Menu entries={() => entries} align="end">
          <Button>{t("action.more")}</Button>
        </Menu>
      </span>
      {remove && <EntryButton entry={remove} />}
    </div>
  );
}

function EntryButton({ entry }: { entry: Entry }) {
  return (
    <Button onClick={() => entry.onSelect?.()} className={entry.danger ? "wrong" : ""} title={entry.note}>
      {entry.icon}
      {entry.text}
      {entry.note && <span className="quiet small number">{entry.note}</span>}
    </Button>
  );
}
