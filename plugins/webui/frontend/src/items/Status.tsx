/** Status as icon and word, and the badges of client and category. */
import {
  IconAlertCircle,
  IconArrowDown,
  IconArrowsExchange,
  IconArrowUp,
  IconCheck,
  IconClock,
  IconHourglass,
  IconPlayerPause,
  IconPlayerStop,
  IconSearch,
  IconWaveSine,
  type Icon,
} from "@tabler/icons-react";
import type { CSSProperties } from "react";
import type { Item } from "../api/types";
import { t } from "../i18n";
import { useInstance } from "../live/hooks";
import { useLive } from "../live/store";
import { categoryColor, colorOf, initials } from "./colors";
import { doingOf, TONES, wordOf, type Doing } from "./status";

const ICONS: Record<Doing, Icon> = {
  downloading: IconArrowDown,
  stalled: IconWaveSine,
  seeding: IconArrowUp,
  done: IconCheck,
  paused: IconPlayerPause,
  stopped: IconPlayerStop,
  checking: IconSearch,
  queued: IconHourglass,
  moving: IconArrowsExchange,
  error: IconAlertCircle,
};

export function StatusMark({ doing, stale = false }: { doing: Doing; stale?: boolean }) {
  const Shape = stale ? IconClock : ICONS[doing];
  return (
    <span className={`status tone-${stale ? "grey" : TONES[doing]}`}>
      <Shape size={16} aria-hidden />
      <span className="truncate">
        {t(wordOf(doing))}
        {stale && <span className="sr-only"> ({t("status.stale")})</span>}
      </span>
    </span>
  );
}

export function ItemStatus({ item }: { item: Item }) {
  return <StatusMark doing={doingOf(item)} stale={item.stale === true} />;
}

/** Two letters in the colour of the instance; its name for those who look closer or listen. */
export function ClientBadge({ id }: { id: string }) {
  const instance = useInstance(id);
  const name = instance?.name ?? id;
  const style = { "--of": colorOf(id, instance?.color) } as CSSProperties;
  return (
    <span className="client-badge" style={style} title={name}>
      <span aria-hidden>{initials(name)}</span>
      <span className="sr-only">{name}</span>
    </span>
  );
}

export function CategoryMark({ name }: { name: string | undefined }) {
  const color = useLive((state) => state.categories.find((each) => each.name === name)?.color);
  if (!name) return null;
  return (
    <span className="status">
      <span className="dot" style={{ background: categoryColor(color) }} />
      <span className="truncate">{name}</span>
    </span>
  );
}
