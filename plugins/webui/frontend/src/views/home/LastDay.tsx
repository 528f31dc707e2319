/** Speeds and totals of the last 24 hours, by network where there are several. */
import { lazy, Suspense, useEffect, useState } from "react";
import { call, type Reply } from "../../api/client";
import { may } from "../../api/me";
import { networkName } from "../../format/network";
import { bytes, exactBytes, speed } from "../../format/units";
import { t } from "../../i18n";
import { useHiddenInstances, useInstances } from "../../live/hooks";
import { useQuery } from "../../router/router";
import { Segments } from "../../ui/Segments";
import { Skeleton } from "../../ui/Parts";

const SpeedChart = lazy(() => import("../../charts/SpeedChart"));

type Dashboard = Reply<"/api/metrics/dashboard", "get">;

const EVERY_MS = 30_000;

export function LastDay() {
  return may("view_statistics") ? <Shown /> : null;
}

function Shown() {
  const found = useDashboard();
  const [wanted, setNetwork] = useQuery("network", "step");
  if (!found) {
    return (
      <section className="card">
        <Skeleton lines={6} />
      </section>
    );
  }
  const networks = Object.keys(found.historicalStats.networks).sort();
  const network = networks.includes(wanted) ? wanted : "";
  const totals = network ? found.historicalStats.networks[network] : found.historicalStats;
  const points = found.speedData.data.map((each) => {
    const of = network ? each.networks[network] : each;
    return { timestamp: each.timestamp, downloadSpeed: of?.downloadSpeed ?? 0, uploadSpeed: of?.uploadSpeed ?? 0 };
  });
  return (
    <section className="card stack">
      <div className="row wrap">
        <h2 className="grow">{t("home.speeds")}</h2>
        {networks.length > 1 && (
          <Segments
            label={t("instance.network")}
            value={network}
            options={[["", t("filter.all")], ...networks.map((each) => [each, networkName(each)] as const)]}
            onChange={setNetwork}
          />
        )}
      </div>
      {points.length > 1 ? (
        <Suspense fallback={<div style={{ height: 228 }} />}>
          <SpeedChart points={points} range="24h" />
        </Suspense>
      ) : (
        <p className="quiet">{t("chart.noData")}</p>
      )}
      {totals && (
        <div className="totals">
          <Total word={t("home.downloaded")} total={totals.totalDownloaded} average={totals.avgDownloadSpeed} peak={totals.peakDownloadSpeed} />
          <Total word={t("home.uploaded")} total={totals.totalUploaded} average={totals.avgUploadSpeed} peak={totals.peakUploadSpeed} />
        </div>
      )}
    </section>
  );
}

interface TotalProps {
  word: string;
  total: number;
  average: number;
  peak: number;
}

function Total({ word, total, average, peak }: TotalProps) {
  return (
    <div>
      <div className="quiet small">{word}</div>
      <div className="total-value number" title={exactBytes(total)}>
        {bytes(total)}
      </div>
      <div className="quiet small number">
        {t("home.average", { speed: speed(average) })} · {t("home.peak", { speed: speed(peak) })}
      </div>
    </div>
  );
}

/** Asked for every half a minute, for the instances that are shown. */
function useDashboard(): Dashboard | null {
  const [hidden] = useHiddenInstances();
  const instances = useInstances().map(([id]) => id);
  const shown = instances.filter((id) => !hidden.includes(id));
  const instanceIds = shown.length < instances.length ? shown.join(",") : "";
  const [found, setFound] = useState<Dashboard | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    const ask = () => {
      if (document.hidden) return;
      const query = { range: "24h" as const, ...(instanceIds ? { instanceIds } : {}) };
      call("get", "/api/metrics/dashboard", { query, signal: stop.signal }).then(setFound, () => undefined);
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [instanceIds]);
  return found;
}
