/** Whether a result is there already: what the list has counts first, then what the client remembers of the file. */
import { IconBan, IconCheck, IconDownload } from "@tabler/icons-react";
import { useCallback } from "react";
import type { Item } from "../../api/types";
import { t } from "../../i18n";
import type { LiveState } from "../../live/state";
import { useLive } from "../../live/store";
import type { Found } from "./runs";

export type Mark = "new" | "downloading" | "have" | "cancelled";

const ORDER: Mark[] = ["have", "downloading", "cancelled", "new"];
const SHAPES = { have: IconCheck, downloading: IconDownload, cancelled: IconBan };
const TONES = { have: "green", downloading: "blue", cancelled: "grey" };

/** The items of any client that are this file. */
export function itemsOf(row: Found, live: LiveState): Item[] {
  return Object.keys(live.instances).flatMap((id) => live.items.get(`${id}:${row.fileHash.toLowerCase()}`) ?? []);
}

export function markOf(row: Found, live: LiveState): Mark {
  const items = itemsOf(row, live);
  if (items.some((each) => each.complete)) return "have";
  if (items.length > 0) return "downloading";
  return row.status ?? "new";
}

export function rankOf(row: Found, live: LiveState): number {
  return ORDER.indexOf(markOf(row, live));
}

/** Icon and word; nothing for what is new. */
export function MarkCell({ row }: { row: Found }) {
  const mark = useLive(useCallback((live: LiveState) => markOf(row, live), [row]));
  const where = useLive(
    useCallback(
      (live: LiveState) => itemsOf(row, live).map((each) => live.instances[each.instanceId]?.name ?? each.instanceId).join(", "),
      [row],
    ),
  );
  if (mark === "new") return null;
  const Shape = SHAPES[mark];
  return (
    <span className={`status tone-${TONES[mark]}`} title={where ? t("search.markWhere", { names: where }) : undefined}>
      <Shape size={16} aria-hidden />
      <span className="truncate">{t(`search.mark.${mark}`)}</span>
    </span>
  );
}
