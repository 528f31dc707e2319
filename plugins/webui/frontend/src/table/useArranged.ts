/** The columns that are seen, and their widths: the same objects as long as nothing about them changes. */
import { useMemo } from "react";
import type { Column } from "./columns";
import { arranged, type Layout } from "./layout";

const STEP = 20;

export function useArranged<Row>(columns: Column<Row>[], layout: Layout, width: number): [Column<Row>[], string] {
  const about = Math.floor(width / STEP) * STEP;
  return useMemo(() => arranged(columns, layout, about), [columns, layout, about]);
}
