/** An item on a phone: its name, a bar with the words beside it, speeds and sources. */
import { IconUsers } from "@tabler/icons-react";
import type { Item } from "../api/types";
import { duration } from "../format/time";
import { bytes, count, percent, speed } from "../format/units";
import { t } from "../i18n";
import { Progress } from "../ui/Parts";
import { ClientBadge, ItemStatus } from "./Status";
import { categoryOf, doingOf, leftOf, TONES } from "./status";

export const CARD_HEIGHT = 92;

export function ItemCard({ item }: { item: Item }) {
  const left = leftOf(item);
  return (
    <div className="item-card">
      <div className="row">
        <span className="name truncate grow">{item.name}</span>
        <ClientBadge id={item.instanceId} />
      </div>
      <div className="line number">
        <ItemStatus item={item} />
        <span className="bar">
          <Progress value={item.progress} label={t("column.progress")} tone={TONES[doingOf(item)]} text={percent(item.progress)} />
        </span>
        {left > 0 && <span className="quiet">{bytes(left)}</span>}
        {item.eta ? <span className="quiet">{duration(item.eta, true)}</span> : null}
      </div>
      <div className="line number quiet">
        {item.downloadSpeed > 0 && <span className="tone-blue">↓ {speed(item.downloadSpeed)}</span>}
        {item.uploadSpeed > 0 && <span className="tone-green">↑ {speed(item.uploadSpeed)}</span>}
        <span>{bytes(item.size)}</span>
        <Sources item={item} />
        {categoryOf(item) && <span className="truncate">{categoryOf(item)}</span>}
      </div>
    </div>
  );
}

function Sources({ item }: { item: Item }) {
  const [connected, total] = [item.sources?.connected ?? 0, item.sources?.total ?? 0];
  if (total === 0) return null;
  return (
    <span className="status">
      <IconUsers size={14} role="img" aria-label={t("downloads.sources", { count: total, connected })} />
      {`${count(connected)} / ${count(total)}`}
    </span>
  );
}
