/** Totals, the parts they are made of, and the charts as a table. */
import { call } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { networkName } from "../../format/network";
import { exactTime } from "../../format/time";
import { bytes, exactBytes, speed } from "../../format/units";
import { t } from "../../i18n";
import { ClientBadge } from "../../items/Status";
import { useInstances } from "../../live/hooks";
import { Skeleton } from "../../ui/Parts";
import { linesOf, type Dashboard, type Range, type Totals } from "./data";

export function Cards({ totals }: { totals: Totals }) {
  return (
    <div className="stats-cards">
      <Card word={t("stats.downloaded")} value={bytes(totals.totalDownloaded)} exact={exactBytes(totals.totalDownloaded)} />
      <Card word={t("stats.avgDown")} value={speed(totals.avgDownloadSpeed)} />
      <Card word={t("stats.peakDown")} value={speed(totals.peakDownloadSpeed)} />
      <Card word={t("stats.uploaded")} value={bytes(totals.totalUploaded)} exact={exactBytes(totals.totalUploaded)} />
      <Card word={t("stats.avgUp")} value={speed(totals.avgUploadSpeed)} />
      <Card word={t("stats.peakUp")} value={speed(totals.peakUploadSpeed)} />
    </div>
  );
}

function Card({ word, value, exact }: { word: string; value: string; exact?: string }) {
  return (
    <div className="card">
      <div className="quiet small">{word}</div>
      <div className="stats-value number" title={exact}>
        {value}
      </div>
    </div>
  );
}

interface SharesProps {
  found: Dashboard;
  range: Range;
  /** The instances that are shown. */
  ids: string[];
}

/** Who moved how much: the networks, then the clients. */
export function Shares({ found, range, ids }: SharesProps) {
  const networks = Object.entries(found.historicalStats.networks).sort();
  const instances = useInstances().filter(([id]) => ids.includes(id));
  const asked = useAsked(`${range} ${ids.join()}`, (signal) =>
    Promise.all(ids.map((id) => call("get", "/api/metrics/stats", { query: { range, instanceIds: id }, signal }))),
  );
  const most = Math.max(1, found.historicalStats.totalDownloaded, found.historicalStats.totalUploaded);
  return (
    <section className="card stack">
      <h2>{t("stats.shares")}</h2>
      <table className="plain-table number shares">
        <thead>
          <tr>
            <th scope="col">{t("stats.part")}</th>
            <th scope="col">{t("stats.downloaded")}</th>
            <th scope="col">{t("stats.uploaded")}</th>
          </tr>
        </thead>
        <tbody>
          {networks.length > 1 &&
            networks.map(([name, totals]) => (
              <Share key={name} name={networkName(name)} totals={totals} most={most} />
            ))}
          {instances.map(([id, each]) => {
            const totals = asked.data?.[ids.indexOf(id)];
            return <Share key={id} id={id} name={each.name} totals={totals} most={most} />;
          })}
        </tbody>
      </table>
      {asked.error !== null && <p className="wrong">{asked.error.message}</p>}
    </section>
  );
}

interface ShareProps {
  id?: string;
  name: string;
  totals: Totals | undefined;
  most: number;
}

function Share({ id, name, totals, most }: ShareProps) {
  return (
    <tr>
      <th scope="row" className="share-name">
        <span className="row">
          {id !== undefined && <ClientBadge id={id} />}
          <span className="truncate">{name}</span>
        </span>
      </th>
      {(["totalDownloaded", "totalUploaded"] as const).map((which) => (
        <td key={which}>
          {totals ? (
            <span className="share" title={exactBytes(totals[which])}>
              {bytes(totals[which])}
              <span className="share-track" aria-hidden>
                <span
                  className={which === "totalDownloaded" ? "share-down" : "share-up"}
                  style={{ width: `${String((totals[which] / most) * 100)}%` }}
                />
              </span>
            </span>
          ) : (
            <Skeleton lines={1} />
          )}
        </td>
      ))}
    </tr>
  );
}

/** For those who do not see the charts, or want the numbers. */
export function AsTable({ found, network }: { found: Dashboard; network: string }) {
  return (
    <details className="card as-table">
      <summary>{t("stats.asTable")}</summary>
      {/* what scrolls has to be reached by keys */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="as-table-scroll" tabIndex={0} role="region" aria-label={t("stats.asTable")}>
        <table className="plain-table number">
          <thead>
            <tr>
              <th scope="col">{t("stats.time")}</th>
              <th scope="col" className="end">{t("stats.downloaded")}</th>
              <th scope="col" className="end">{t("stats.uploaded")}</th>
              <th scope="col" className="end">{t("stats.avgDown")}</th>
              <th scope="col" className="end">{t("stats.avgUp")}</th>
            </tr>
          </thead>
          <tbody>
            {linesOf(found, network).map((line) => (
              <tr key={line.timestamp}>
                <th scope="row">{exactTime(line.timestamp)}</th>
                <td className="end">{bytes(line.down)}</td>
                <td className="end">{bytes(line.up)}</td>
                <td className="end">{speed(line.downloadSpeed)}</td>
                <td className="end">{speed(line.uploadSpeed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
