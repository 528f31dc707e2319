/** The columns of what is shared: what goes out, and what we say of it. */
import type { Item } from "../../api/types";
import { bytes, count, exactBytes } from "../../format/units";
import { t, type Key } from "../../i18n";
import { ITEM_COLUMNS } from "../../items/columns";
import { Stars } from "../../items/panel/Rating";
import type { Column } from "../../table/columns";

const FROM_THE_LIST = ["client", "name", "size", "up", "ratio", "category", "path", "added"];
const HIDDEN = ["category", "path", "added"];

function text(value: string) {
  return <span className="text">{value}</span>;
}

const OWN: Column<Item>[] = [
  {
    id: "total",
    title: "column.uploaded",
    width: 96,
    align: "end",
    descending: true,
    value: (item) => item.uploadTotal,
    exact: (item) => exactBytes(item.uploadTotal),
    cell: (item) => text(bytes(item.uploadTotal)),
  },
  {
    id: "session",
    title: "shared.session",
    width: 104,
    align: "end",
    descending: true,
    from: 900,
    value: (item) => item.uploadSession,
    exact: (item) => exactBytes(item.uploadSession),
    cell: (item) => text(bytes(item.uploadSession)),
  },
  {
    id: "requests",
    title: "shared.requests",
    width: 104,
    align: "end",
    descending: true,
    from: 1000,
    value: (item) => item.requestsAcceptedTotal,
    exact: (item) =>
      t("shared.requestsExact", { now: item.requestsAccepted ?? 0, all: item.requestsAcceptedTotal ?? 0 }),
    cell: (item) => text(count(item.requestsAcceptedTotal)),
  },
  {
    id: "rating",
    title: "shared.rating",
    width: 100,
    descending: true,
    from: 820,
    value: (item) => item.rating || null,
    exact: (item) => item.comment ?? "",
    cell: (item) => (item.rating ? <Stars rating={item.rating} /> : null),
  },
  {
    id: "priority",
    title: "column.priority",
    width: 104,
    hidden: true,
    value: (item) => item.uploadPriority,
    cell: (item) => text(item.uploadPriority ? t(`priority.${item.uploadPriority}` as Key) : ""),
  },
];

export const SHARED_COLUMNS: Column<Item>[] = [
  ...FROM_THE_LIST.flatMap((id) => ITEM_COLUMNS.filter((each) => each.id === id))
    .filter((each) => !HIDDEN.includes(each.id))
    .map((each) => (each.id === "up" ? { ...each, descending: true } : each)),
  ...OWN,
  ...ITEM_COLUMNS.filter((each) => HIDDEN.includes(each.id)),
];
