/** Dialogs that any part of the program opens by a call; the shell draws them. */
import { useSyncExternalStore, type ReactNode } from "react";

type Draw = (close: () => void) => ReactNode;

interface Open {
  id: number;
  draw: Draw;
}

let open: Open[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(now: Open[]): void {
  open = now;
  for (const each of [...listeners]) each();
}

/** Show a dialog; `draw` gets the function that closes it. */
export function showDialog(draw: Draw): void {
  set([...open, { id: next++, draw }]);
}

export function isDialogOpen(): boolean {
  return open.length > 0;
}

export function Dialogs() {
  const now = useSyncExternalStore(
    (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    () => open,
  );
  return now.map(({ id, draw }) => (
    <DialogSlot key={id} draw={() => draw(() => set(open.filter((each) => each.id !== id)))} />
  ));
}

function DialogSlot({ draw }: { draw: () => ReactNode }) {
  return draw();
}
