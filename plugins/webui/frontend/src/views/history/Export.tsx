/** Take the history along as a file, filtered and sorted as it is seen. */
import { IconFileExport } from "@tabler/icons-react";
import { address } from "../../api/client";
import { t } from "../../i18n";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import type { Query } from "./question";

const FORMATS = ["csv", "jsonl"] as const;

export function Export({ query }: { query: Query }) {
  return (
    <Menu
      align="end"
      entries={() =>
        FORMATS.map((format) => ({
          id: format,
          text: t(`hist.export.${format}`),
          onSelect: () => save(address("/api/history/export", {}, { ...query, format })),
        }))
      }
    >
      <IconButton label={t("hist.export")}>
        <IconFileExport size={18} aria-hidden />
      </IconButton>
    </Menu>
  );
}

/** The browser saves it under the name that the daemon gives. */
function save(from: string): void {
  const link = document.createElement("a");
  link.href = from;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
