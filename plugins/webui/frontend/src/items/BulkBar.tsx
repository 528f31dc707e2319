/** What can be done with the items that are selected. */
import type { Item } from "../api/types";
import { t } from "../i18n";
import type { Selection } from "../table/selection";
import { SelectionBar } from "../table/SelectionBar";
import { Button, IconButton } from "../ui/Button";
import { Menu, type Entry } from "../ui/Menu";
import { PHONE, useMedia } from "../ui/useMedia";
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
  const phone = useMedia(PHONE);
  if (items.length === 0) return null;
  const others = entries.filter((each) => each.id !== "delete");
  // a phone has room for the menu, and for what people come for
  const first = others.filter((each) => !each.entries).slice(0, phone ? 0 : SHOWN);
  const rest = others.filter((each) => !first.includes(each));
  const remove = entries.find((each) => each.id === "delete");
  return (
    <SelectionBar selection={selection} total={total}>
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
      {remove && (phone ? <EntryIcon entry={remove} /> : <EntryButton entry={remove} />)}
    </SelectionBar>
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

function EntryIcon({ entry }: { entry: Entry }) {
  const label = entry.note ? `${entry.text} (${entry.note})` : entry.text;
  return (
    <IconButton look="normal" label={label} tip={false} className="wrong" onClick={() => entry.onSelect?.()}>
      {entry.icon}
    </IconButton>
  );
}
