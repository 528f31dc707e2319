/** Open the box that adds downloads; its code is loaded then. What comes while it is open joins what is in it. */
import { showDialog } from "../ui/dialogs";
import { openLater } from "../ui/later";

export interface Given {
  text?: string;
  files?: File[];
}

let join: ((given: Given) => void) | null = null;

/** The open box takes what is given; returns the end of that. */
export function takeGiven(take: (given: Given) => void): () => void {
  join = take;
  return () => {
    join = null;
  };
}

export function isAddOpen(): boolean {
  return join !== null;
}

export function openAdd(given: Given = {}): void {
  if (join) {
    join(given);
    return;
  }
  openLater(
    () => import("./AddDialog"),
    ({ default: AddDialog }) => showDialog((close) => <AddDialog given={given} onClose={close} />),
  );
}
