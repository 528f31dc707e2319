/** The columns of the history; the daemon sorts by them, so what stands here is what it calls them. */
import { IconArrowDown, IconCheck, IconQuestionMark, IconTrash } from "@tabler/icons-react";
import { useEffect, type ReactNode } from "react";
import { ago, exactTime } from "../../format/time";
import { bytes, exactBytes, ratio } from "../../format/units";
import { t, type Key } from "../../i18n";
import { initials } from "../../items/colors";
import { CategoryMark, ClientBadge } from "../../items/Status";
import { useInstance } from "../../live/hooks";
import type { Column } from "../../table/columns";
import type { Pager, Place } from "./pager";
import type { Entry, EntryStatus } from "./question";

const SHAPES = { downloading: IconArrowDown, completed: IconCheck, missing: IconQuestionMark, deleted: IconTrash };
const TONES = { downloading: "blue", completed: "green", missing: "amber", deleted: "grey" };

export function EntryMark({ status }: { status: EntryStatus }) {
  const Shape = SHAPES[status];
  return (
    <span className={`status tone-${TONES[status]}`}>
      <Shape size={16} aria-hidden />
      <span className="truncate">{t(`history.${status}`)}</span>
    </span>
  );
}

/** The client; one that is not configured any more has its name of then, and no colour. */
export function EntryClient({ entry }: { entry: Entry }) {
  const known = useInstance(entry.instance_id) !== undefined;
  if (known) return <ClientBadge id={entry.instance_id} />;
  return (
    <span className="client-badge" title={entry.instance_name}>
      <span aria-hidden>{initials(entry.instance_name)}</span>
      <span className="sr-only">{entry.instance_name}</span>
    </span>
  );
}

/** Stands for an entry that is on its way, and asks for it. */
export function Waiting({ pager, index }: { pager: Pager; index: number }) {
  useEffect(() => void pager.need(index), [pager, index]);
  return <span className="skeleton history-waiting" aria-label={t("state.loading")} />;
}

interface Part {
  id: string;
  title: Key;
  width: number;
  cell: (entry: Entry) => ReactNode;
  exact?: (entry: Entry) => string;
  end?: boolean;
  hidden?: boolean;
  from?: number;
}

function text(value: string | null | undefined) {
  return <span className="text">{value ?? ""}</span>;
}

function time(id: "started_at" | "completed_at" | "deleted_at" | "last_seen_at", title: Key, more: Partial<Part> = {}): Part {
  return { id, title, width: 112, end: true, cell: (entry) => text(ago(entry[id])), exact: (entry) => exactTime(entry[id]), ...more };
}

function size(id: "size" | "downloaded" | "uploaded", title: Key, more: Partial<Part> = {}): Part {
  return { id, title, width: 96, end: true, cell: (entry) => text(bytes(entry[id])), exact: (entry) => exactBytes(entry[id]), ...more };
}

const PARTS: Part[] = [
  { id: "instance_name", title: "column.client", width: 62, from: 800, cell: (entry) => <EntryClient entry={entry} />, exact: (entry) => entry.instance_name },
  { id: "filename", title: "column.name", width: 240, cell: (entry) => text(entry.filename), exact: (entry) => entry.filename },
  { id: "status", title: "column.status", width: 138, cell: (entry) => <EntryMark status={entry.status} /> },
  size("size", "column.size"),
  size("downloaded", "column.downloaded", { hidden: true }),
  size("uploaded", "column.uploaded", { from: 1000 }),
  { id: "ratio", title: "column.ratio", width: 72, end: true, from: 1000, cell: (entry) => text(ratio(entry.ratio)) },
  { id: "category", title: "column.category", width: 124, from: 1100, cell: (entry) => <CategoryMark name={entry.category} />, exact: (entry) => entry.category },
  { id: "username", title: "history.by", width: 136, from: 900, cell: (entry) => text(nameOfUser(entry.username)) },
  { id: "tracker_domain", title: "column.tracker", width: 130, hidden: true, cell: (entry) => text(entry.tracker_domain) },
  { id: "path", title: "column.path", width: 220, hidden: true, cell: (entry) => text(entry.path), exact: (entry) => entry.path ?? "" },
  time("started_at", "history.started"),
  time("completed_at", "hist.completedAt", { from: 760 }),
  time("deleted_at", "hist.deletedAt", { hidden: true }),
  time("last_seen_at", "history.lastSeen", { hidden: true }),
];

/** `external`: it was found in a client, nobody added it here. */
export function nameOfUser(username: string | null): string {
  return username === "external" ? t("hist.external") : (username ?? "");
}

export function historyColumns(pager: Pager): Column<Place>[] {
  return PARTS.map((part): Column<Place> => {
    const { id, title, width, cell, exact, end, hidden, from } = part;
    return {
      id,
      title,
      width,
      value: () => null,
      cell: ({ index, entry }) => (entry ? cell(entry) : id === "filename" ? <Waiting pager={pager} index={index} /> : null),
      ...(id === "filename" ? { grow: true } : {}),
      ...(exact ? { exact: ({ entry }: Place) => (entry ? exact(entry) : "") } : {}),
      ...(end ? { align: "end" as const, descending: true } : {}),
      ...(hidden ? { hidden } : {}),
      ...(from === undefined ? {} : { from }),
    };
  });
}
