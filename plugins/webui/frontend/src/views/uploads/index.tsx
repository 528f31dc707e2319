/** Every peer that something goes out to, of all clients. */
import { IconArrowUp } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import type { SocketMessage, Upload } from "../../api/types";
import { bytes, speed, speedOrNothing } from "../../format/units";
import { AllHidden } from "../../app/AllHidden";
import { t } from "../../i18n";
import { ClientBadge } from "../../items/Status";
import { matches, wordsOf } from "../../items/words";
import { useAsking, useChannel, useHiddenInstances, useMessages } from "../../live/hooks";
import { navigate, patchQuery, useQuery } from "../../router/router";
import { readSort, writeSort, type Sort } from "../../table/columns";
import { ColumnsMenu } from "../../table/ColumnsMenu";
import { useLayout } from "../../table/layout";
import { useSelection } from "../../table/selection";
import { Table } from "../../table/Table";
import { useOrder } from "../../table/useOrder";
import { Empty, Skeleton } from "../../ui/Parts";
import { filePath, nameOf, UPLOAD_COLUMNS } from "./columns";

const FASTEST: Sort = { column: "up", descending: true };
const CARD_HEIGHT = 64;
const keyOf = (peer: Upload) => `${peer.instanceId}:${peer.parentHash}:${peer.id}`;

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
  const [text] = useQuery("q");
  const [sortText] = useQuery("sort");
  const [hidden] = useHiddenInstances();
  const [layout, setLayout] = useLayout("uploads");
  const [busy, setBusy] = useState(false);
  const sort = readSort(sortText, FASTEST);
  const shown = useMemo(() => {
    const words = wordsOf(text);
    return (uploads ?? []).filter(
      (each) =>
        !hidden.includes(each.instanceId) && matches(`${each.parentName} ${nameOf(each)} ${each.software ?? ""}`.toLowerCase(), words),
    );
  }, [uploads, text, hidden]);
  const sorts = [sort, ...(layout.second ? [layout.second] : []), { column: "file", descending: false }];
  const { rows } = useOrder(shown, keyOf, UPLOAD_COLUMNS, sorts, busy);
  const keys = useMemo(() => rows.map(keyOf), [rows]);
  const selection = useSelection(keys);
  if (uploads === null) {
    return (
      <div className="page">
        <Skeleton lines={6} />
      </div>
    );
  }
  const total = shown.reduce((sum, each) => sum + (each.uploadRate ?? 0), 0);
  return (
    <>
      <div className="filter-bar">
        <span className="grow number">{t("uploads.count", { count: shown.length, speed: speed(total) })}</span>
        <ColumnsMenu columns={UPLOAD_COLUMNS} layout={layout} setLayout={setLayout} />
      </div>
      <Table
        label={t("uploads.label")}
        columns={UPLOAD_COLUMNS}
        rows={rows}
        keyOf={keyOf}
        nameOf={nameOf}
        sort={sort}
        onSort={(next) => patchQuery({ sort: writeSort(next) })}
        layout={layout}
        setLayout={setLayout}
        selection={selection}
        onOpen={(peer) => navigate(filePath(peer))}
        card={(peer) => <Card peer={peer} />}
        cardHeight={CARD_HEIGHT}
        empty={
          uploads.length > 0 && uploads.every((each) => hidden.includes(each.instanceId)) ? (
            <AllHidden />
          ) : (
            <Empty icon={<IconArrowUp size={40} aria-hidden />} title={t("uploads.noneTitle")}>
              <p>{t("uploads.noneText")}</p>
            </Empty>
          )
        }
        onBusy={setBusy}
      />
    </>
  );
}

function Card({ peer }: { peer: Upload }) {
  return (
    <div className="item-card">
      <div className="row">
        <span className="name truncate grow">{peer.parentName}</span>
        <ClientBadge id={peer.instanceId} />
      </div>
      <div className="line number quiet">
        <span className="truncate">{nameOf(peer)}</span>
        <span className="tone-green">{speedOrNothing(peer.uploadRate)}</span>
        <span>{bytes(peer.uploadTotal)}</span>
      </div>
    </div>
  );
}
