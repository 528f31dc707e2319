/** The columns of the peers that something goes out to. */
import type { Upload } from "../../api/types";
import { bytes, exactBytes, percent, speedOrNothing } from "../../format/units";
import { ClientBadge } from "../../items/Status";
import { Link } from "../../router/Link";
import { pathOf } from "../../router/router";
import type { Column } from "../../table/columns";

function text(value: string | null | undefined) {
  return <span className="text">{value}</span>;
}

export function addressOf(peer: Upload): string {
  return peer.port ? `${peer.address ?? ""}:${String(peer.port)}` : (peer.address ?? "");
}

export const nameOf = (peer: Upload) => peer.userName ?? peer.hostname ?? addressOf(peer);

export function filePath(peer: Upload): string {
  return pathOf("downloads", [], new URLSearchParams({ item: `${peer.instanceId}:${peer.parentHash}` }));
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
      <Link to={filePath(peer)} className="title" tabIndex={-1} draggable={false}>
        {peer.parentName}
      </Link>
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
    id: "state",
    title: "uploads.state",
    width: 120,
    hidden: true,
    value: (peer) => peer.uploadState,
    cell: (peer) => text(peer.uploadState),
  },
];
