/** Where the details of an item are; their code is loaded when the first ones are opened. */
import { lazy, Suspense } from "react";

const Panel = lazy(() => import("./Panel"));

export interface PanelProps {
  itemKey: string;
  /** The list beside it, in order: to step to the next one. */
  keys: string[];
}

export function PanelSlot(props: PanelProps) {
  return (
    <Suspense fallback={null}>
      <Panel {...props} />
    </Suspense>
  );
}
