/** A line for each instance that is away: since when its values are old, and why. */
import { IconClock } from "@tabler/icons-react";
import type { Item } from "../api/types";
import { moment } from "../format/time";
import { t } from "../i18n";
import { useInstances } from "../live/hooks";
import { useLive } from "../live/store";

export function StaleLines({ belongs }: { belongs: (item: Item) => boolean }) {
  const away = useInstances().filter(([, each]) => each.state === "degraded" || each.state === "waiting" || each.state === "rejected");
  const shown = useLive(
    (live) => {
      if (away.length === 0) return "";
      const ids = new Set<string>();
      for (const item of live.items.values()) if (item.stale && belongs(item)) ids.add(item.instanceId);
      return [...ids].join(" ");
    },
  ).split(" ");
  return away
    .filter(([id]) => shown.includes(id))
    .map(([id, { name, staleSince, error, state }]) => {
      const values = { name, time: moment(staleSince), reason: error ?? t(`instanceState.${state}`) };
      return (
        <div key={id} className="table-note">
          <IconClock size={16} aria-hidden />
          <span className="truncate">{t(staleSince ? "downloads.staleLine" : "downloads.staleLineNoTime", values)}</span>
        </div>
      );
    });
}
