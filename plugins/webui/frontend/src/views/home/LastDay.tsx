/** Speeds and totals of the last 24 hours, by network where there are several. */
import { useMemo } from "react";
import { call } from "../../api/client";
import { may } from "../../api/me";
import { useAsked } from "../../api/useAsked";
import { networkName } from "../../format/network";
import { bytes, exactBytes, speed } from "../../format/units";
import { t } from "../../i18n";
import { useShown } from "../../live/hooks";
import { useQuery } from "../../router/router";
import { later } from "../../ui/later";
import { Skeleton } from "../../ui/Parts";
import { Segments } from "../../ui/Segments";
import { Trouble } from "../../ui/Trouble";
import { speedsOf, totalsOf, type Dashboard } from "../statistics/data";

const SpeedChart = later(() => import("../../charts/SpeedChart"), <div style={{ height: 228 }} />);

const EVERY_MS = 30_000;

export function LastDay() {
  return may("view_statistics") ? <Asked /> : null;
}

function Asked() {
  const { query: instanceIds } = useShown();
  const { data, error, again } = useAsked(
    instanceIds,
    (signal) => call("get", "/api/metrics/dashboard", { query: { range: "24h", instanceIds }, signal }),
    EVERY_MS,
  );
  return (
    <section className="card stack">
      {error !== null && <Trouble text={error.message} onRetry={again} />}
      {data ? <Shown found={data} /> : error === null && <Skeleton lines={6} />}
    </section>
  );
}

function Shown({ found }: { found: Dashboard }) {
  const [chosen, setNetwork] = useQuery("network", "step");
  const networks = Object.keys(found.historicalStats.networks).sort();
  const network = networks.includes(chosen) ? chosen : "";
  const points = useMemo(() => speedsOf(found, network), [found, network]);
  const totals = totalsOf(found, network);
  return (
    <>
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
        <SpeedChart points={points} range="24h" />
      ) : (
        <p className="quiet">{t("chart.noData")}</p>
      )}
      {totals && points.length > 1 && (
        <div className="totals">
          <Total word={t("home.downloaded")} total={totals.totalDownloaded} average={totals.avgDownloadSpeed} peak={totals.peakDownloadSpeed} />
          <Total word={t("home.uploaded")} total={totals.totalUploaded} average={totals.avgUploadSpeed} peak={totals.peakUploadSpeed} />
        </div>
      )}
    </>
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
