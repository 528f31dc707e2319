/** How much is selected, and what can be done with it: slides up when there is a selection. */
import { IconSquareCheck, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { count as number } from "../format/units";
import { t } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { PHONE, useMedia } from "../ui/useMedia";
import type { Selection } from "./selection";

interface SelectionBarProps {
  selection: Selection;
  /** How many there are to select. */
  total: number;
  className?: string;
  children?: ReactNode;
}

export function SelectionBar({ selection, total, className = "", children }: SelectionBarProps) {
  const phone = useMedia(PHONE);
  const count = selection.keys.length;
  if (count === 0) return null;
  const all = t("bulk.selectAll", { count: total });
  return (
    <div className={`bulk-bar ${className}`} role="toolbar" aria-label={t("bulk.label")}>
      <IconButton label={t("bulk.clear")} onClick={selection.clear}>
        <IconX size={18} aria-hidden />
      </IconButton>
      {phone && (
        // words of some languages leave no room for the buttons
        <span className="status number" aria-hidden>
          <IconSquareCheck size={18} />
          {number(count)}
        </span>
      )}
      <span className={phone ? "sr-only" : "bulk-count number"}>
        {t("bulk.selected", { count })}
      </span>
      {count < total && (
        <Button look="quiet" className="bulk-all" aria-label={all} onClick={selection.all}>
          {phone ? t("bulk.all", { count: total }) : all}
        </Button>
      )}
      {children}
    </div>
  );
}
