/** The peers as a table: its heads sort, and only the rows in sight are drawn. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useRef } from "react";
import type { Peer } from "../../../api/types";
import { bytes, exactBytes, percent, speedOrNothing } from "../../../format/units";
import { t, type Key } from "../../../i18n";
import { addressOf, nameOf, ORDERS, stateOf, wordOfState, type Order } from "./peers";

const ROW_PX = 52;
const OVERSCAN = 8;
const HEADS: Record<Order, Key> = { name: "panel.peer", has: "panel.has", down: "column.down", up: "column.up" };

export interface Sorted {
  order: Order;
  descending: boolean;
}

interface PeerTableProps {
  peers: Peer[];
  sorted: Sorted;
  onSort: (sorted: Sorted) => void;
}

export function PeerTable({ peers, sorted, onSort }: PeerTableProps) {
  const frame = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are not kept beyond this component
  const virtual = useVirtualizer({
    count: peers.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to take the focus
    <div ref={frame} role="table" className="peers" aria-label={t("panel.peers")} aria-rowcount={peers.length + 1} tabIndex={0}>
      <div role="rowgroup" className="peer-head">
        <div role="row" className="peer-row" aria-rowindex={1}>
          {ORDERS.map((each) => (
            <Head key={each} order={each} sorted={sorted} onSort={onSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const peer = peers[index] as Peer;
          return <PeerRow key={`${peer.id} ${peer.role ?? ""}`} peer={peer} index={index} top={start} />;
        })}
      </div>
    </div>
  );
}

function Head({ order, sorted, onSort }: { order: Order } & Omit<PeerTableProps, "peers">) {
  const mine = sorted.order === order;
  const descending = mine ? !sorted.descending : order !== "name";
  return (
    <div
      role="columnheader"
      aria-sort={mine ? (sorted.descending ? "descending" : "ascending") : undefined}
      className={`head-cell ${order === "name" ? "" : "end"}`}
    >
      <button type="button" className="head-button" onClick={() => onSort({ order, descending })}>
        <span>{t(HEADS[order])}</span>
        {mine && (sorted.descending ? <IconArrowDown size={14} aria-hidden /> : <IconArrowUp size={14} aria-hidden />)}
      </button>
    </div>
  );
}

function PeerRow({ peer, index, top }: { peer: Peer; index: number; top: number }) {
  const address = addressOf(peer);
  const about = [wordOfState(stateOf(peer)), peer.software, peer.userName && address, peer.sourceFrom, peer.flags];
  const known = about.filter(Boolean).join(" · ");
  const has = peer.completedPercent;
  return (
    <div role="row" className="peer-row peer-line" aria-rowindex={index + 2} style={{ transform: `translateY(${String(top)}px)` }}>
      <div role="cell" className="peer-name" title={`${address}\n${known}`}>
        <div className="truncate">{nameOf(peer)}</div>
        <div className="small quiet truncate">{known}</div>
      </div>
      <div role="cell" className="small number end">
        {typeof has === "number" ? percent(has) : ""}
      </div>
      <Moved rate={peer.downloadRate} total={peer.downloadTotal} tone="blue" />
      <Moved rate={peer.uploadRate} total={peer.uploadTotal} tone="green" />
    </div>
  );
}

interface MovedProps {
  rate: number | null | undefined;
  total: number | null | undefined;
  tone: "blue" | "green";
}

function Moved({ rate, total, tone }: MovedProps) {
  return (
    <div role="cell" className="small number end" title={total ? exactBytes(total) : undefined}>
      <div className={`tone-${tone}`}>{speedOrNothing(rate)}</div>
      <div className="quiet">{total ? bytes(total) : ""}</div>
    </div>
  );
}
