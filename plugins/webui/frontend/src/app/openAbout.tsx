/** Opens the dialog about this version; its code is loaded then. */
import { showDialog } from "../ui/dialogs";
import { openLater } from "../ui/later";

export function openAbout(): void {
  openLater(
    () => import("./About"),
    ({ default: About }) => showDialog((close) => <About onClose={close} />),
  );
}
