/** Open the commands; their code is loaded then. */
import { showDialog } from "../ui/dialogs";
import { openLater } from "../ui/later";

export function openPalette(): void {
  openLater(
    () => import("./Palette"),
    ({ default: Palette }) => showDialog((close) => <Palette onClose={close} />),
  );
}
