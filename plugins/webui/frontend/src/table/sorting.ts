/** The order of rows. A list that is nearly in order is put in order with few comparisons, so the last order is the start. */
import { getLanguage } from "../i18n";
import type { Column, Sort, Value } from "./columns";

let known: { language: string; collator: Intl.Collator } | null = null;

/** Words in the order of the language of the UI, numbers in them by their value. */
export function collator(): Intl.Collator {
  const language = getLanguage();
  if (known?.language !== language) {
    known = { language, collator: new Intl.Collator(language, { numeric: true, sensitivity: "base" }) };
  }
  return known.collator;
}

/** Compare two values; unknown ones are equal to each other. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a === b ? 0 : collator().compare(a, b);
  return Number(a) - Number(b);
}

function isUnknown(value: Value): boolean {
  return value === null || value === undefined || value === "";
}

/** Make the comparison of rows by the columns named, first the first; unknown values stand at the end. */
export function comparison<Row>(columns: Column<Row>[], sorts: Sort[]): (a: Row, b: Row) => number {
  const steps = sorts.flatMap(({ column, descending }) => {
    const value = columns.find((each) => each.id === column)?.value;
    return value ? [{ value, sign: descending ? -1 : 1 }] : [];
  });
  return (a, b) => {
    for (const { value, sign } of steps) {
      const [one, other] = [value(a), value(b)];
      const [oneEmpty, otherEmpty] = [isUnknown(one), isUnknown(other)];
      if (oneEmpty !== otherEmpty) return oneEmpty ? 1 : -1;
      const found = oneEmpty ? 0 : compareValues(one, other) * sign;
      if (found !== 0) return found;
    }
    return 0;
  };
}

/** Put rows into the order of keys that was before; new ones stand at the end. */
export function inOrderOf<Row>(rows: Row[], keyOf: (row: Row) => string, order: string[]): Row[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const kept: Row[] = [];
  for (const key of order) {
    const row = byKey.get(key);
    if (row === undefined) continue;
    kept.push(row);
    byKey.delete(key);
  }
  return kept.concat([...byKey.values()]);
}
