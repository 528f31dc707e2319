/** The columns of search results. */
import { bytes, count, exactBytes } from "../../format/units";
import { t } from "../../i18n";
import { Stars } from "../../items/panel/Rating";
import { ClientBadge } from "../../items/Status";
import { getLive } from "../../live/store";
import { QueryLink } from "../../router/QueryLink";
import type { Column } from "../../table/columns";
import { kindOf } from "./kinds";
import { MarkCell, rankOf } from "./marks";
import { keyOfFound, type Found } from "./runs";

function text(value: string) {
  return <span className="text">{value}</span>;
}

export const RESULT_COLUMNS: Column<Found>[] = [
  {
    id: "client",
    title: "column.client",
    width: 62,
    from: 900,
    value: (row) => row.instanceId,
    cell: (row) => <ClientBadge id={row.instanceId} />,
  },
  {
    id: "name",
    title: "column.name",
    width: 240,
    grow: true,
    value: (row) => row.fileName,
    exact: (row) => row.fileName,
    cell: (row) => (
      <QueryLink patch={{ result: keyOfFound(row) }} className="title" tabIndex={-1} draggable={false}>
        {row.fileName}
      </QueryLink>
    ),
  },
  {
    id: "mark",
    title: "search.here",
    width: 130,
    value: (row) => rankOf(row, getLive()),
    cell: (row) => <MarkCell row={row} />,
  },
  {
    id: "kind",
    title: "search.kind",
    width: 108,
    from: 820,
    value: (row) => t(`search.kind.${kindOf(row.fileName)}`),
    cell: (row) => text(t(`search.kind.${kindOf(row.fileName)}`)),
  },
  {
    id: "size",
    title: "column.size",
    width: 92,
    align: "end",
    descending: true,
    value: (row) => row.fileSize,
    exact: (row) => exactBytes(row.fileSize),
    cell: (row) => text(bytes(row.fileSize)),
  },
  {
    id: "sources",
    title: "column.sources",
    width: 92,
    align: "end",
    descending: true,
    value: (row) => row.sourceCount,
    cell: (row) => text(count(row.sourceCount)),
  },
  {
    id: "complete",
    title: "search.complete",
    width: 92,
    align: "end",
    descending: true,
    from: 700,
    value: (row) => row.completeSources,
    cell: (row) => text(count(row.completeSources)),
  },
  {
    id: "rating",
    title: "search.rating",
    width: 108,
    descending: true,
    from: 700,
    value: (row) => row.rating || null,
    cell: (row) => (row.rating ? <Stars rating={row.rating} /> : null),
  },
  {
    id: "hash",
    title: "column.hash",
    width: 250,
    hidden: true,
    value: (row) => row.fileHash,
    cell: (row) => <span className="mono text">{row.fileHash}</span>,
  },
];
