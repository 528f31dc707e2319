/** The changelog of this version: shown once after an update, and whenever somebody asks for it. */
import { lazy, Suspense } from "react";
import { call } from "../api/client";
import { t } from "../i18n";
import { getPreference, setPreference } from "../prefs/preferences";
import { Dialog } from "../ui/Dialog";
import { showDialog } from "../ui/dialogs";
import { toastError } from "../ui/toasts";

const Changelog = lazy(() => import("./Changelog"));
const SEEN = "seenVersion";

function show(version: string, text: string): void {
  showDialog((close) => (
    <Dialog title={t("whatsNew.title", { version })} onClose={close}>
      <Suspense fallback={null}>
        <Changelog text={text} />
      </Suspense>
    </Dialog>
  ));
}

export function openChangelog(): void {
  call("get", "/api/version")
    .then((found) => show(found.version, found.changelog))
    .catch(toastError);
}

/** Show it if this user has seen an older version; a new user has nothing to be told. */
export async function showOnceAfterUpdate(): Promise<void> {
  const found = await call("get", "/api/version").catch(() => null);
  if (!found) return;
  const seen = getPreference<string | null>(SEEN, null);
  if (seen === found.version) return;
  setPreference(SEEN, found.version);
  if (seen !== null && found.changelog) show(found.version, found.changelog);
}
