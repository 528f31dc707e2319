/** The rows of a list in order. Who is busy in it finds each row where it was: the order is held until they say so. */
import { useMemo, useState } from "react";
import type { Column, Sort } from "./columns";
import { comparison, inOrderOf } from "./sorting";

interface Ordered<Row> {
  rows: Row[];
  /** The order is not the one of the values any more. */
  held: boolean;
  resort: () => void;
}

/** Remembers the last order: it is where the next one starts, and what is held. */
export class Order<Row> {
  private keys: string[] = [];
  private question = "";

  constructor(private readonly keyOf: (row: Row) => string) {}

  /** The rows in order; with `hold` in that of before, unless the question is another one. */
  next(rows: Row[], columns: Column<Row>[], sorts: Sort[], hold: boolean, again: number): { rows: Row[]; held: boolean } {
    const question = JSON.stringify([sorts, again]);
    const holds = hold && this.question === question && isMoving(columns, sorts);
    const before = inOrderOf(rows, this.keyOf, this.keys);
    const compare = comparison(columns, sorts);
    if (!holds) before.sort(compare);
    this.keys = before.map(this.keyOf);
    this.question = question;
    return { rows: before, held: holds && !isSorted(before, compare) };
  }
}

function isSorted<Row>(rows: Row[], compare: (a: Row, b: Row) => number): boolean {
  return rows.every((row, index) => index === 0 || compare(rows[index - 1] as Row, row) <= 0);
}

function isMoving<Row>(columns: Column<Row>[], sorts: Sort[]): boolean {
  const [first] = sorts;
  return columns.find((each) => each.id === first?.column)?.moving === true;
}

export function useOrder<Row>(
  rows: Row[],
  keyOf: (row: Row) => string,
  columns: Column<Row>[],
  sorts: Sort[],
  hold: boolean,
): Ordered<Row> {
  const [order] = useState(() => new Order(keyOf));
  const [again, setAgain] = useState(0);
  const asked = JSON.stringify(sorts);
  const found = useMemo(
    () => order.next(rows, columns, JSON.parse(asked) as Sort[], hold, again),
    [order, rows, columns, asked, hold, again],
  );
  return { ...found, resort: () => setAgain((each) => each + 1) };
}
