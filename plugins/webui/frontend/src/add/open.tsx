/** Open the box that adds downloads; its code is loaded then. */
import { lazy, Suspense } from "react";
import { showDialog } from "../ui/dialogs";

const AddDialog = lazy(() => import("./AddDialog"));

export interface Given {
  text?: string;
  files?: File[];
}

export function openAdd(given: Given = {}): void {
  showDialog((close) => (
    <Suspense fallback={null}>
      <AddDialog given={given} onClose={close} />
    </Suspense>
  ));
}
