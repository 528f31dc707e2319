/** The columns of items, for every list of them. */
import type { Item } from "../api/types";
import { ago, duration, exactTime } from "../format/time";
import { bytes, count, exactBytes, ratio, speedOrNothing } from "../format/units";
import { t } from "../i18n";
import { keyOf } from "../live/state";
import { QueryLink } from "../router/QueryLink";
import { pathOf } from "../router/router";
import type { Column } from "../table/columns";
import { Progress } from "../ui/Parts";
import { PartStrip } from "./PartStrip";
import { CategoryMark, ClientBadge, ItemStatus } from "./Status";
import { ALL_DOING, categoryOf, doingOf, leftOf, TONES } from "./status";

/** The address of an item's panel in Downloads, from wherever one is. */
export function downloadPath(item: Item): string {
  return pathOf("downloads", [], new URLSearchParams({ item: keyOf(item) }));
}

export function itemProgress(item: Item) {
  const moving = item.moveProgress !== null && item.moveProgress !== undefined;
  const value = moving ? (item.moveProgress ?? 0) : item.progress;
  return (
    <span className="stack part-cell">
      <Progress value={value} label={t("column.progress")} tone={TONES[doingOf(item)]} />
      <PartStrip item={item} />
    </span>
  );
}

function text(value: string) {
  return <span className="text">{value}</span>;
}

export const NAME: Column<Item> = {
  id: "name",
  title: "column.name",
  width: 220,
  grow: true,
  value: (item) => item.name,
  exact: (item) => item.name,
  cell: (item) => (
    <QueryLink patch={{ item: keyOf(item) }} className="title" tabIndex={-1} draggable={false}>
      {item.name}
    </QueryLink>
  ),
};

export const ITEM_COLUMNS: Column<Item>[] = [
  {
    id: "client",
    title: "column.client",
    width: 62,
    from: 500,
    value: (item) => item.instanceId,
    cell: (item) => <ClientBadge id={item.instanceId} />,
  },
  NAME,
  {
    id: "status",
    title: "column.status",
    width: 130,
    from: 420,
    value: (item) => ALL_DOING.indexOf(doingOf(item)),
    exact: (item) => item.moveError ?? item.message ?? "",
    cell: (item) => <ItemStatus item={item} />,
  },
  {
    id: "progress",
    title: "column.progress",
    width: 140,
    descending: true,
    moving: true,
    value: (item) => item.progress,
    exact: (item) => `${exactBytes(item.sizeDownloaded ?? 0)} / ${exactBytes(item.size)}`,
    cell: itemProgress,
  },
  {
    id: "size",
    title: "column.size",
    width: 84,
    from: 640,
    align: "end",
    descending: true,
    value: (item) => item.size,
    exact: (item) => exactBytes(item.size),
    cell: (item) => text(bytes(item.size)),
  },
  {
    id: "left",
    title: "column.left",
    width: 84,
    align: "end",
    hidden: true,
    moving: true,
    value: leftOf,
    exact: (item) => exactBytes(leftOf(item)),
    cell: (item) => text(leftOf(item) > 0 ? bytes(leftOf(item)) : ""),
  },
  {
    id: "down",
    title: "column.down",
    width: 92,
    from: 600,
    align: "end",
    descending: true,
    moving: true,
    value: (item) => item.downloadSpeed,
    exact: (item) => `${exactBytes(item.downloadSpeed)}/s`,
    cell: (item) => text(speedOrNothing(item.downloadSpeed)),
  },
  {
    id: "up",
    title: "column.up",
    width: 92,
    from: 760,
    align: "end",
    descending: true,
    moving: true,
    value: (item) => item.uploadSpeed,
    exact: (item) => `${exactBytes(item.uploadSpeed)}/s`,
    cell: (item) => text(speedOrNothing(item.uploadSpeed)),
  },
  {
    id: "eta",
    title: "column.eta",
    width: 104,
    align: "end",
    moving: true,
    from: 860,
    value: (item) => item.eta,
    cell: (item) => text(duration(item.eta)),
  },
  {
    id: "sources",
    title: "column.sources",
    width: 84,
    align: "end",
    descending: true,
    moving: true,
    from: 1000,
    value: (item) => item.sources?.connected ?? null,
    exact: (item) =>
      item.sources
        ? t("downloads.sources", { count: item.sources.total ?? 0, connected: item.sources.connected ?? 0 })
        : "",
    cell: (item) => text(item.sources?.total ? `${count(item.sources.connected)} / ${count(item.sources.total)}` : ""),
  },
  {
    id: "ratio",
    title: "column.ratio",
    width: 68,
    align: "end",
    descending: true,
    from: 1180,
    value: (item) => item.ratio,
    exact: (item) => exactBytes(item.uploadTotal),
    cell: (item) => text(ratio(item.ratio)),
  },
  {
    id: "uploaded",
    title: "column.uploaded",
    width: 92,
    align: "end",
    descending: true,
    hidden: true,
    value: (item) => item.uploadTotal,
    exact: (item) => exactBytes(item.uploadTotal),
    cell: (item) => text(bytes(item.uploadTotal)),
  },
  {
    id: "category",
    title: "column.category",
    width: 120,
    from: 1080,
    value: categoryOf,
    exact: categoryOf,
    cell: (item) => <CategoryMark name={categoryOf(item)} />,
  },
  {
    id: "tags",
    title: "column.tags",
    width: 130,
    hidden: true,
    value: (item) => item.tags?.join(", "),
    exact: (item) => item.tags?.join(", ") ?? "",
    cell: (item) => (
      <span className="row">
        {item.tags?.map((each) => (
          <span key={each} className="badge">
            {each}
          </span>
        ))}
      </span>
    ),
  },
  {
    id: "tracker",
    title: "column.tracker",
    width: 130,
    hidden: true,
    value: (item) => item.tracker,
    exact: (item) => item.tracker ?? "",
    cell: (item) => text(item.tracker ?? ""),
  },
  {
    id: "path",
    title: "column.path",
    width: 220,
    hidden: true,
    value: (item) => item.directory,
    exact: (item) => item.path ?? item.directory ?? "",
    cell: (item) => text(item.directory ?? ""),
  },
  {
    id: "added",
    title: "column.added",
    width: 108,
    align: "end",
    descending: true,
    from: 1240,
    value: (item) => item.addedAt,
    exact: (item) => exactTime(item.addedAt),
    cell: (item) => text(ago(item.addedAt)),
  },
];
