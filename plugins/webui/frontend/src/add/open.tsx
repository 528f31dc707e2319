/** Open the box that adds downloads; its code is loaded then. */
import { showDialog } from "../ui/dialogs";
import { openLater } from "../ui/later";

export interface Given {
  text?: string;
  files?: File[];
}

export function openAdd(given: Given = {}): void {
  openLater(
    () => import("./AddDialog"),
    ({ default: AddDialog }) => showDialog((close) => <AddDialog given={given} onClose={close} />),
  );
}
