/** What moves now, the fastest first; while somebody is at it, each line stays where it is. */
import { useState } from "react";
import type { Item } from "../../api/types";
import { duration } from "../../format/time";
import { speed } from "../../format/units";
import { t } from "../../i18n";
import { ClientBadge } from "../../items/Status";
import { useHiddenInstances } from "../../live/hooks";
import { keyOf } from "../../live/state";
import { useItems } from "../../live/store";
import { Link } from "../../router/Link";
import { pathOf } from "../../router/router";
import type { Column, Sort } from "../../table/columns";
import { useOrder } from "../../table/useOrder";
import { Progress } from "../../ui/Parts";

type Kind = "downloads" | "uploads";

const MOST = 8;
const FASTEST: Sort[] = [
  { column: "speed", descending: true },
  { column: "name", descending: false },
];

function columnsOf(speedOf: (item: Item) => number): Column<Item>[] {
  const common = { width: 0, cell: () => null };
  return [
    { id: "speed", title: "column.down", moving: true, value: speedOf, ...common },
    { id: "name", title: "column.name", value: (item) => item.name, ...common },
  ];
}

const OF: Record<Kind, { speedOf: (item: Item) => number; columns: Column<Item>[] }> = {
  downloads: { speedOf: (item) => item.downloadSpeed, columns: columnsOf((item) => item.downloadSpeed) },
  uploads: { speedOf: (item) => item.uploadSpeed, columns: columnsOf((item) => item.uploadSpeed) },
};

function isMoving(item: Item, kind: Kind): boolean {
  return !item.stale && OF[kind].speedOf(item) > 0 && !(kind === "downloads" && item.complete);
}

export function Active({ kind }: { kind: Kind }) {
  const { items } = useItems();
  const [hidden] = useHiddenInstances();
  const [busy, setBusy] = useState(false);
  const { speedOf, columns } = OF[kind];
  const moving = [...items.values()].filter((each) => isMoving(each, kind) && !hidden.includes(each.instanceId));
  const { rows } = useOrder(moving, keyOf, columns, FASTEST, busy);
  return (
    <section className="card" onPointerEnter={() => setBusy(true)} onPointerLeave={() => setBusy(false)}>
      <div className="row">
        <h2 className="grow">{t(kind === "downloads" ? "home.downloads" : "home.uploads")}</h2>
        {rows.length > MOST && (
          <Link to={kind === "downloads" ? "/downloads?status=downloading" : "/downloads?sort=-up"}>
            {t("home.showAll", { count: rows.length })}
          </Link>
        )}
      </div>
      {rows.length === 0 && <p className="quiet">{t(kind === "downloads" ? "home.noDownloads" : "home.noUploads")}</p>}
      {rows.slice(0, MOST).map((item) => (
        <Line key={keyOf(item)} item={item} speedOf={speedOf} progress={kind === "downloads"} />
      ))}
    </section>
  );
}

interface LineProps {
  item: Item;
  speedOf: (item: Item) => number;
  progress: boolean;
}

function Line({ item, speedOf, progress }: LineProps) {
  return (
    <Link to={pathOf("downloads", [], new URLSearchParams({ item: keyOf(item) }))} className="home-line">
      <ClientBadge id={item.instanceId} />
      <span className="truncate">{item.name}</span>
      <span className="number small">{speed(speedOf(item))}</span>
      {progress && (
        <span className="second row number small">
          <Progress value={item.progress} label={item.name} />
          {item.eta ? <span className="quiet">{duration(item.eta)}</span> : null}
        </span>
      )}
    </Link>
  );
}
