/** The first tab: progress, map, places, dates, numbers, what others say, links, and the plugin's own facts. */
import type { Item } from "../../api/types";
import { duration, exactTime } from "../../format/time";
import { bytes, count, exactBytes, ratio, speed } from "../../format/units";
import { t, type Key } from "../../i18n";
import { useInstance } from "../../live/hooks";
import { Copyable, Facts, Progress, type Fact } from "../../ui/Parts";
import { CategoryMark, ClientBadge } from "../Status";
import { categoryOf, doingOf, leftOf, TONES } from "../status";
import { PieceMap } from "./PieceMap";
import { Comments, Stars } from "./Rating";

export function General({ item }: { item: Item }) {
  const instance = useInstance(item.instanceId);
  const links = [item.magnetLink, item.ed2kLink].filter((each): each is string => !!each);
  return (
    <div className="stack">
      <Progress value={item.progress} label={t("column.progress")} tone={TONES[doingOf(item)]} />
      {item.moveStatus && (
        <Progress value={item.moveProgress ?? 0} label={t("panel.moving")} tone="violet" />
      )}
      {item.moveError && <p className="notice bad">{item.moveError}</p>}
      <PieceMap item={item} />
      <Facts facts={numbers(item)} />
      <Facts
        facts={[
          [
            t("column.client"),
            <span key="client" className="row">
              <ClientBadge id={item.instanceId} />
              {instance?.name ?? item.instanceId}
            </span>,
          ],
          [t("column.category"), categoryOf(item) ? <CategoryMark name={categoryOf(item)} /> : t("filter.noCategory")],
          item.tags && item.tags.length > 0 && [t("column.tags"), item.tags.join(", ")],
          [t("panel.path"), (item.path ?? item.directory) && <Copyable text={item.path ?? item.directory ?? ""} />],
          [t("column.hash"), <Copyable key="hash" text={item.hash} />],
          ...links.map((link): Fact => [t("panel.link"), <Copyable key={link} text={link} />]),
          [t("column.added"), exactTime(item.addedAt)],
          [t("panel.lastSeen"), exactTime(item.lastSeenComplete)],
          item.rating !== null && item.rating !== undefined && [t("rating.rating"), <Stars key="stars" rating={item.rating} />],
          [t("rating.comment"), item.comment],
        ]}
      />
      <Facts facts={Object.entries(item.extra ?? {}).map(([name, value]): Fact => [name, String(value)])} />
      {instance?.capabilities["fileRatingComment"] && <Comments item={item} />}
    </div>
  );
}

function numbers(item: Item): Fact[] {
  const priority = item.downloading ? item.downloadPriority : item.uploadPriority;
  return [
    [t("column.size"), <Exact key="size" value={item.size} />],
    [t("column.downloaded"), <Exact key="done" value={item.sizeDownloaded ?? 0} />],
    leftOf(item) > 0 && [t("column.left"), <Exact key="left" value={leftOf(item)} />],
    item.downloadSpeed > 0 && [t("column.down"), speed(item.downloadSpeed)],
    item.uploadSpeed > 0 && [t("column.up"), speed(item.uploadSpeed)],
    !!item.eta && [t("column.eta"), duration(item.eta)],
    [t("column.uploaded"), <Exact key="up" value={item.uploadTotal ?? 0} />],
    !!item.uploadSession && [t("panel.session"), <Exact key="session" value={item.uploadSession} />],
    [t("column.ratio"), ratio(item.ratio)],
    !!item.sources?.total && [t("column.sources"), sourcesOf(item)],
    !!item.requestsAccepted && [t("panel.requests"), `${count(item.requestsAccepted)} / ${count(item.requestsAcceptedTotal ?? 0)}`],
    priority && [t("column.priority"), t(`priority.${priority}` as Key)],
  ];
}

function sourcesOf({ sources }: Item): string {
  const seeders = sources?.seeders ? `, ${t("panel.seeders", { count: sources.seeders })}` : "";
  return t("downloads.sources", { count: sources?.total ?? 0, connected: sources?.connected ?? 0 }) + seeders;
}

function Exact({ value }: { value: number }) {
  return (
    <span className="number" title={exactBytes(value)}>
      {bytes(value)}
    </span>
  );
}
