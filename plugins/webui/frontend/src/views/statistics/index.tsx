/** Speeds and totals over time, of all, of a network or of a client; and what clients count themselves. */
import { IconChartAreaLine } from "@tabler/icons-react";
import { useMemo } from "react";
import { AllHidden } from "../../app/AllHidden";
import { call } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { TransferChart } from "../../charts/TransferChart";
import { networkName } from "../../format/network";
import { t } from "../../i18n";
import { useHiddenInstances, useShown } from "../../live/hooks";
import { useQuery } from "../../router/router";
import { SelectField } from "../../ui/Field";
import { later } from "../../ui/later";
import { Empty, Skeleton } from "../../ui/Parts";
import { Segments } from "../../ui/Segments";
import { Trouble } from "../../ui/Trouble";
import { movedOf, partOf, RANGES, speedsOf, totalsOf, type Dashboard, type Range } from "./data";
import { AsTable, Cards, Shares } from "./Parts";
import "./statistics.css";
import { Trees } from "./Tree";

const SpeedChart = later(() => import("../../charts/SpeedChart"), <div style={{ height: 248 }} />);

const EVERY_MS = 30_000;

export default function Statistics() {
  const [text, setRange] = useQuery("range", "step");
  const range = RANGES.find((each) => each === text) ?? "24h";
  const [of, setOf] = useQuery("of", "step");
  const part = partOf(of);
  const { instances, none, waiting } = useShown();
  const [hidden] = useHiddenInstances();
  const networks = [...new Set(instances.flatMap(([, each]) => each.networkType ?? []))].sort();
  const parts = [
    ["", t("stats.all")] as const,
    ...(networks.length > 1 ? networks.map((each) => [`network:${each}`, networkName(each)] as const) : []),
    ...(instances.length > 1 ? instances.map(([id, each]) => [`instance:${id}`, each.name] as const) : []),
  ];
  if (none || hidden.includes(part.instance)) return <AllHidden />;
  return (
    <div className="page stats">
      <div className="stats-head">
        <Segments
          label={t("stats.range")}
          value={range}
          options={RANGES.map((each) => [each, t(`stats.range.${each}`)] as const)}
          onChange={(next) => setRange(next === "24h" ? null : next)}
        />
        {parts.length > 1 && <SelectField label={t("stats.of")} hideLabel value={of} options={parts} onChange={setOf} />}
      </div>
      {waiting ? <Skeleton lines={8} /> : <Measured range={range} {...part} />}
      <Trees />
    </div>
  );
}

interface MeasuredProps {
  range: Range;
  network: string;
  instance: string;
}

function Measured({ range, network, instance }: MeasuredProps) {
  const { ids, query } = useShown();
  const asked = instance || query;
  const { data, error, again } = useAsked(`${range} ${asked}`, (signal) => askFor(range, asked, signal), EVERY_MS);
  return (
    <>
      {error !== null && <Trouble text={error.message} onRetry={again} />}
      {data ? (
        <Shown found={data.found} now={data.now} range={range} network={network} ids={ids} alone={instance !== ""} />
      ) : (
        error === null && <Skeleton lines={8} />
      )}
    </>
  );
}

/** With the time of the answer, which is where the charts end. */
async function askFor(range: Range, instanceIds: string, signal: AbortSignal): Promise<{ found: Dashboard; now: number }> {
  const query = { range, ...(instanceIds ? { instanceIds } : {}) };
  const found = await call("get", "/api/metrics/dashboard", { query, signal });
  return { found, now: Date.now() };
}

interface ShownProps {
  found: Dashboard;
  now: number;
  range: Range;
  network: string;
  ids: string[];
  /** It is one client alone: nothing to share out. */
  alone: boolean;
}

function Shown({ found, now, range, network, ids, alone }: ShownProps) {
  const speeds = useMemo(() => speedsOf(found, network), [found, network]);
  const moved = useMemo(() => movedOf(found, network), [found, network]);
  const totals = totalsOf(found, network);
  if (!totals || speeds.length < 2) {
    return <Empty icon={<IconChartAreaLine size={40} aria-hidden />} title={t("stats.noneTitle")}>{t("chart.noData")}</Empty>;
  }
  return (
    <>
      <Cards totals={totals} />
      <div className="stats-charts">
        <section className="card stack">
          <h2>{t("stats.speeds")}</h2>
          <SpeedChart points={speeds} range={range} height={220} />
        </section>
        <section className="card stack">
          <h2>{t("stats.moved")}</h2>
          <TransferChart points={moved} range={range} now={now} label={t("stats.movedLabel")} height={220} />
        </section>
      </div>
      <AsTable found={found} network={network} />
      {!alone && network === "" && ids.length > 1 && <Shares found={found} range={range} ids={ids} />}
    </>
  );
}
