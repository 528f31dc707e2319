/** How much some files are wanted: a choice where the user may choose, else a word. */
import { t, type Key } from "../../../i18n";
import { PRIORITIES, type Priority } from "./tree";

interface PriorityFieldProps {
  label: string;
  /** null: the files have different ones. */
  value: Priority | null;
  tabIndex?: number;
  onSet: ((priority: Priority) => void) | null;
}

const wordOf = (value: Priority | null) => t(value === null ? "panel.mixed" : (`filePriority.${String(value)}` as Key));

export function PriorityField({ label, value, tabIndex = 0, onSet }: PriorityFieldProps) {
  if (!onSet) return <span className="small quiet">{wordOf(value)}</span>;
  return (
    <select
      className="input file-priority"
      aria-label={label}
      tabIndex={tabIndex}
      value={String(value)}
      onChange={(event) => onSet(Number(event.target.value) as Priority)}
    >
      {value === null && (
        <option value="null" disabled>
          {wordOf(null)}
        </option>
      )}
      {PRIORITIES.map((each) => (
        <option key={each} value={String(each)}>
          {wordOf(each)}
        </option>
      ))}
    </select>
  );
}
