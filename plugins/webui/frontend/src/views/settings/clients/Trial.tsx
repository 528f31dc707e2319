/** What came of a test. */
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { t } from "../../../i18n";
import type { Tested } from "../config";

export function Trial({ tried }: { tried: Tested }) {
  return (
    <span className={`trial small ${tried.success ? "tone-green" : "tone-red"}`}>
      {tried.success ? <IconCheck size={18} aria-hidden /> : <IconAlertTriangle size={18} aria-hidden />}
      <span>{tried.success ? t("clients.works", { version: tried.version ?? "" }) : tried.error}</span>
    </span>
  );
}
