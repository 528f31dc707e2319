/** The changelog of this version: shown once after an update, and whenever somebody asks for it. */
import { t } from "../i18n";
import { getPreference, setPreference } from "../prefs/preferences";
import { Dialog } from "../ui/Dialog";
import { showDialog } from "../ui/dialogs";
import { openLater } from "../ui/later";
import { toastError } from "../ui/toasts";
import { askVersion, type Version } from "./version";

const SEEN = "seenVersion";

export function showChangelog({ version, changelog }: Version): void {
  openLater(
    () => import("./Changelog"),
    ({ default: Changelog }) =>
      showDialog((close) => (
        <Dialog title={t("whatsNew.title", { version })} onClose={close}>
          <Changelog text={changelog} />
        </Dialog>
      )),
  );
}

export function openChangelog(): void {
  askVersion().then(showChangelog).catch(toastError);
}

/** Show it if this user has seen an older version; a new user has nothing to be told. */
export async function showOnceAfterUpdate(): Promise<void> {
  const found = await askVersion().catch(() => null);
  if (!found) return;
  const seen = getPreference<string | null>(SEEN, null);
  if (seen === found.version) return;
  setPreference(SEEN, found.version);
  if (seen !== null && found.changelog) showChangelog(found);
}
