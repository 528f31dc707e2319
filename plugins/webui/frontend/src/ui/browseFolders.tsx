/** Look around in the folders of the daemon's machine; the code of that is loaded then. */
import { lazy, Suspense } from "react";
import { showDialog } from "./dialogs";

const FolderBrowser = lazy(() => import("./FolderBrowser"));

export interface Browsing {
  /** Where to begin. */
  start: string;
  /** Files can be chosen, too. */
  files?: boolean;
  onChoose: (path: string) => void;
}

export function browseFolders(browsing: Browsing): void {
  showDialog((close) => (
    <Suspense fallback={null}>
      <FolderBrowser {...browsing} onClose={close} />
    </Suspense>
  ));
}
