/** The columns of the peers that something goes out to. */
import type { Upload } from "../../api/types";
import { bytes, exactBytes, percent, speedOrNothing } from "../../format/units";
import { CategoryMark, ClientBadge } from "../../items/Status";
import { categoryOf } from "../../items/status";
import { getLive, useItem } from "../../live/store";
import { QueryLink } from "../../router/QueryLink";
import type { Column } from "../../table/columns";

function text(value: string | null | undefined) {
  return <span className="text">{value}</span>;
}

export function addressOf(peer: Upload): string {
  return peer.port ? `${peer.address ?? ""}:${String(peer.port)}` : (peer.address ?? "");
}

export const nameOf = (peer: Upload) => peer.userName ?? peer.hostname ?? addressOf(peer);

/** The key of the file that goes out. */
export function itemKeyOf(peer: Upload): string {
  return `${peer.instanceId}:${peer.parentHash}`;
}

function FileCategory({ peer }: { peer: Upload }) {
  const item = useItem(itemKeyOf(peer));
  return <CategoryMark name={item && categoryOf(item)} />;
}

function categoryOfFile(peer: Upload): string {
  const item = getLive().items.get(itemKeyOf(peer));
  return item ? categoryOf(item) : "";
}

export const UPLOAD_COLUMNS: Column<Upload>[] = [
  {
    id: "client",
    title: "column.client",
    width: 62,
    from: 700,
    value: (peer) => peer.instanceId,
    cell: (peer) => <ClientBadge id={peer.instanceId} />,
  },
  {
    id: "file",
    title: "uploads.file",
    width: 220,
    grow: true,
    value: (peer) => peer.parentName,
    exact: (peer) => peer.parentName,
    cell: (peer) => (
      <QueryLink patch={{ item: itemKeyOf(peer) }} className="title" tabIndex={-1} draggable={false}>
        {peer.parentName}
      </QueryLink>
    ),
  },
  {
    id: "peer",
    title: "uploads.peer",
    width: 170,
    value: nameOf,
    exact: addressOf,
    cell: (peer) => text(nameOf(peer)),
  },
  {
    id: "address",
    title: "uploads.address",
    width: 160,
    hidden: true,
    value: addressOf,
    cell: (peer) => text(addressOf(peer)),
  },
  {
    id: "software",
    title: "uploads.software",
    width: 150,
    from: 820,
    value: (peer) => peer.software,
    exact: (peer) => peer.software ?? "",
    cell: (peer) => text(peer.software),
  },
  {
    id: "up",
    title: "column.up",
    width: 96,
    align: "end",
    descending: true,
    moving: true,
    value: (peer) => peer.uploadRate,
    exact: (peer) => `${exactBytes(peer.uploadRate ?? 0)}/s`,
    cell: (peer) => text(speedOrNothing(peer.uploadRate)),
  },
  {
    id: "session",
    title: "uploads.session",
    width: 92,
    align: "end",
    descending: true,
    from: 900,
    value: (peer) => peer.uploadSession,
    exact: (peer) => exactBytes(peer.uploadSession),
    cell: (peer) => text(bytes(peer.uploadSession)),
  },
  {
    id: "total",
    title: "uploads.total",
    width: 92,
    align: "end",
    descending: true,
    value: (peer) => peer.uploadTotal,
    exact: (peer) => exactBytes(peer.uploadTotal),
    cell: (peer) => text(bytes(peer.uploadTotal)),
  },
  {
    id: "has",
    title: "uploads.has",
    width: 72,
    align: "end",
    from: 1000,
    value: (peer) => peer.completedPercent,
    cell: (peer) => text(typeof peer.completedPercent === "number" ? percent(peer.completedPercent) : ""),
  },
  {
    id: "category",
    title: "column.category",
    width: 120,
    from: 1120,
    value: categoryOfFile,
    exact: categoryOfFile,
    cell: (peer) => <FileCategory peer={peer} />,
  },
  {
    id: "state",
    title: "uploads.state",
    width: 120,
    hidden: true,
    value: (peer) => peer.uploadState,
    cell: (peer) => text(peer.uploadState),
  },
];
