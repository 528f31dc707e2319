/** The columns of servers. */
import { IconPlugConnected } from "@tabler/icons-react";
import { count } from "../../format/units";
import { t } from "../../i18n";
import type { Column } from "../../table/columns";
import type { Server } from "./act";

function text(value: string) {
  return <span className="text">{value}</span>;
}

export function keyOfServer(server: Server): string {
  return server.address;
}

export function nameOfServer(server: Server): string {
  return server.name || server.address;
}

export function ConnectedMark() {
  return (
    <span className="status tone-green">
      <IconPlugConnected size={16} aria-hidden />
      {t("servers.connected")}
    </span>
  );
}

function number(id: "users" | "files" | "ping" | "failed", title: "servers.users" | "servers.files" | "servers.ping" | "servers.failed", from = 0): Column<Server> {
  return {
    id,
    title,
    width: 92,
    align: "end",
    descending: id !== "ping" && id !== "failed",
    moving: true,
    from,
    value: (server) => server[id] || null,
    cell: (server) => text(server[id] ? (id === "ping" ? `${String(server[id])} ms` : count(server[id])) : ""),
  };
}

export const SERVER_COLUMNS: Column<Server>[] = [
  {
    id: "name",
    title: "column.name",
    width: 200,
    grow: true,
    value: nameOfServer,
    exact: (server) => server.description || server.name,
    cell: (server) => text(nameOfServer(server)),
  },
  { id: "connected", title: "column.status", width: 120, descending: true, value: (server) => server.connected, cell: (server) => (server.connected ? <ConnectedMark /> : null) },
  { id: "address", title: "servers.address", width: 180, from: 620, value: (server) => server.address, cell: (server) => <span className="mono text">{server.address}</span> },
  {
    ...number("users", "servers.users"),
    exact: (server) => (server.maxUsers ? t("servers.ofMax", { users: count(server.users), max: count(server.maxUsers) }) : ""),
  },
  number("files", "servers.files"),
  number("ping", "servers.ping", 560),
  number("failed", "servers.failed", 900),
  { id: "version", title: "instance.version", width: 92, from: 1000, value: (server) => server.version, cell: (server) => text(server.version ?? "") },
  { id: "description", title: "servers.description", width: 200, hidden: true, value: (server) => server.description, exact: (server) => server.description ?? "", cell: (server) => text(server.description ?? "") },
];
