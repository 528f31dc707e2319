/** What moves now, the fastest first. */
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
import { Progress } from "../../ui/Parts";

const MOST = 8;

interface ActiveProps {
  kind: "downloads" | "uploads";
}

export function Active({ kind }: ActiveProps) {
  const { items } = useItems();
  const [hidden] = useHiddenInstances();
  const speedOf = (item: Item) => (kind === "downloads" ? item.downloadSpeed : item.uploadSpeed);
  const moving = [...items.values()].filter(
    (each) => !each.stale && !hidden.includes(each.instanceId) && (speedOf(each) > 0 || (kind === "downloads" && each.status === "active" && !each.complete)),
  );
  const shown = moving.sort((a, b) => speedOf(b) - speedOf(a)).slice(0, MOST);
  return (
    <section className="card">
      <div className="row">
        <h2 className="grow">{t(kind === "downloads" ? "home.downloads" : "home.uploads")}</h2>
        {moving.length > MOST && (
          <Link to={kind === "downloads" ? "/downloads?status=downloading" : "/downloads?sort=-up"}>
            {t("home.showAll", { count: moving.length })}
          </Link>
        )}
      </div>
      {shown.length === 0 && <p className="quiet">{t(kind === "downloads" ? "home.noDownloads" : "home.noUploads")}</p>}
      {shown.map((item) => (
        <Link
          key={keyOf(item)}
          to={pathOf("downloads", [], new URLSearchParams({ item: keyOf(item) }))}
          className="home-line"
        >
          <ClientBadge id={item.instanceId} />
          <span className="truncate">{item.name}</span>
          <span className="number small">{speed(speedOf(item))}</span>
          {kind === "downloads" && (
            <span className="second row number small">
              <Progress value={item.progress} label={item.name} />
              {item.eta ? <span className="quiet">{duration(item.eta)}</span> : null}
            </span>
          )}
        </Link>
      ))}
    </section>
  );
}
