/** Every peer that something goes out to, of all clients. */
import { IconArrowUp, IconFilterOff } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import type { SocketMessage, Upload } from "../../api/types";
import { speed } from "../../format/units";
import { t } from "../../i18n";
import "../../items/items.css";
import { PanelSlot } from "../../items/panel/PanelSlot";
import { matches, wordsOf } from "../../items/words";
import { useAsking, useChannel, useHiddenInstances, useMessages } from "../../live/hooks";
import { patchQuery, useQuery } from "../../router/router";
import { readSort, writeSort, type Sort } from "../../table/columns";
import { useLayout } from "../../table/layout";
import { ListTools } from "../../table/ListTools";
import { useSelection } from "../../table/selection";
import { SelectionBar } from "../../table/SelectionBar";
import { Table } from "../../table/Table";
import { useOrder } from "../../table/useOrder";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { Empty, Skeleton } from "../../ui/Parts";
import { PHONE, useMedia } from "../../ui/useMedia";
import { CARD_HEIGHT, PeerCard } from "./Card";
import { itemKeyOf, nameOf, UPLOAD_COLUMNS } from "./columns";
import { openFile, peerEntries } from "./entries";

const FASTEST: Sort = { column: "up", descending: true };
const BY_FILE: Sort = { column: "file", descending: false };
const keyOf = (peer: Upload) => `${itemKeyOf(peer)}:${peer.id}`;

/** What the daemon says of them, each time it changes; null before the first time. */
function useUploads(): Upload[] | null {
  const [uploads, setUploads] = useState<Upload[] | null>(null);
  const hear = useCallback((message: SocketMessage) => {
    if (message.type === "uploads-update") setUploads(message.data);
  }, []);
  useMessages(hear);
  useChannel("uploads");
  useAsking("getUploadingQueue");
  return uploads;
}

export default function Uploads() {
  const uploads = useUploads();
  if (uploads === null) {
    return (
      <div className="page">
        <Skeleton lines={6} />
      </div>
    );
  }
  return <Peers uploads={uploads} />;
}

/** Those of the clients that are shown, and of them those that fit the filter. */
function useFiltered(uploads: Upload[]): { all: Upload[]; shown: Upload[] } {
  const [text] = useQuery("q");
  const [hidden] = useHiddenInstances();
  return useMemo(() => {
    const words = wordsOf(text);
    const all = uploads.filter((each) => !hidden.includes(each.instanceId));
    const shown = all.filter((each) => matches(`${each.parentName} ${nameOf(each)} ${each.software ?? ""}`.toLowerCase(), words));
    return { all, shown };
  }, [uploads, text, hidden]);
}

function Peers({ uploads }: { uploads: Upload[] }) {
  const { all, shown } = useFiltered(uploads);
  const [sortText] = useQuery("sort");
  const [opened] = useQuery("item");
  const [layout, setLayout] = useLayout("uploads");
  const [busy, setBusy] = useState(false);
  const [holding, setHolding] = useState(false);
  const phone = useMedia(PHONE);
  const sort = readSort(sortText, FASTEST);
  const onSort = (next: Sort) => patchQuery({ sort: writeSort(next) });
  const sorts = [sort, ...(layout.second ? [layout.second] : []), BY_FILE];
  const ordered = useOrder(shown, keyOf, UPLOAD_COLUMNS, sorts, busy || holding);
  const keys = useMemo(() => ordered.rows.map(keyOf), [ordered.rows]);
  const files = useMemo(() => [...new Set(ordered.rows.map(itemKeyOf))], [ordered.rows]);
  const selection = useSelection(keys);
  const picking = selection.keys.length > 0;
  if (picking !== holding) setHolding(picking);
  const peersOf = (of: string[]) => ordered.rows.filter((each) => of.includes(keyOf(each)));
  const total = shown.reduce((sum, each) => sum + (each.uploadRate ?? 0), 0);
  return (
    <div className="split">
      <div className="split-list">
        <div className="filter-bar">
          <span className="filter-words grow number truncate">{t("uploads.count", { count: shown.length, speed: speed(total) })}</span>
          <span className="push row">
            <ListTools columns={UPLOAD_COLUMNS} layout={layout} setLayout={setLayout} sort={sort} onSort={onSort} order={ordered} />
          </span>
        </div>
        <Table
          label={t("uploads.label")}
          columns={UPLOAD_COLUMNS}
          rows={ordered.rows}
          keyOf={keyOf}
          nameOf={nameOf}
          sort={sort}
          onSort={onSort}
          layout={layout}
          setLayout={setLayout}
          selection={selection}
          onOpen={(peer) => (phone && picking ? selection.click(keyOf(peer), { toggle: true }) : openFile(peer))}
          entries={(of) => peerEntries(peersOf(of), () => selection.set([...selection.keys, ...of]))}
          card={(peer) => <PeerCard peer={peer} />}
          cardHeight={CARD_HEIGHT}
          empty={<Nothing total={all.length} />}
          onBusy={setBusy}
        />
        <SelectionBar selection={selection} total={keys.length}>
          <span className="push">
            <Menu entries={() => peerEntries(peersOf(selection.keys), null)} align="end">
              <Button>{t("action.more")}</Button>
            </Menu>
          </span>
        </SelectionBar>
      </div>
      {opened && <PanelSlot itemKey={opened} keys={files} />}
    </div>
  );
}

function Nothing({ total }: { total: number }) {
  if (total > 0) {
    return (
      <Empty icon={<IconFilterOff size={40} aria-hidden />} title={t("downloads.noMatchTitle")}>
        <p>{t("uploads.noMatch", { count: total })}</p>
        <Button onClick={() => patchQuery({ q: null }, "step")}>{t("action.clearFilters")}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon={<IconArrowUp size={40} aria-hidden />} title={t("uploads.noneTitle")}>
      <p>{t("uploads.noneText")}</p>
    </Empty>
  );
}
