/** Open the commands; their code is loaded then. */
import { lazy, Suspense } from "react";
import { showDialog } from "../ui/dialogs";

const Palette = lazy(() => import("./Palette"));

export function openPalette(): void {
  showDialog((close) => (
    <Suspense fallback={null}>
      <Palette onClose={close} />
    </Suspense>
  ));
}
