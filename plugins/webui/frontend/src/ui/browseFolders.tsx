/** Look around in the folders of the daemon's machine; the code of that is loaded then. */
import { showDialog } from "./dialogs";
import { openLater } from "./later";

export interface Browsing {
  /** Where to begin. */
  start: string;
  /** Files can be chosen, too. */
  files?: boolean;
  onChoose: (path: string) => void;
}

export function browseFolders(browsing: Browsing): void {
  openLater(
    () => import("./FolderBrowser"),
    ({ default: FolderBrowser }) => showDialog((close) => <FolderBrowser {...browsing} onClose={close} />),
  );
}
