/** Total speeds with the last minute behind them; a click opens the limits. */
import { IconArrowDown, IconArrowUp, IconGauge } from "@tabler/icons-react";
import { exactBytes, speed } from "../format/units";
import { t } from "../i18n";
import { useHiddenInstances, useInstances } from "../live/hooks";
import { totalOf, useLastMinute, type Total } from "../live/speeds";
import { useLive } from "../live/store";
import { Popover } from "../ui/Popover";
import { SpeedLimits } from "./SpeedLimits";

export function Speeds() {
  const [hidden] = useHiddenInstances();
  const total = useLive(
    (live) => totalOf(live, hidden),
    (a, b) => a.down === b.down && a.up === b.up,
  );
  const limited = useInstances().some(([, { speedLimits: limits }]) => limits && (limits.download || limits.upload || limits.alternative));
  const [down, up] = [speed(total.down), speed(total.up)];
  const trigger = (
    <button
      type="button"
      className="speeds"
      title={`↓ ${exactBytes(total.down)}/s, ↑ ${exactBytes(total.up)}/s`}
    >
      <Sparkline />
      <span className="speeds-value number">
        <IconArrowDown size={15} aria-hidden className="tone-blue" />
        {down}
      </span>
      <span className="speeds-value number">
        <IconArrowUp size={15} aria-hidden className="tone-green" />
        {up}
      </span>
      <span className="sr-only">{t("limits.title")}</span>
      {limited && <IconGauge size={16} aria-label={t("limits.active")} className="tone-amber" />}
    </button>
  );
  return (
    <Popover trigger={trigger} label={t("limits.title")}>
      <h2>{t("limits.title")}</h2>
      <SpeedLimits />
    </Popover>
  );
}

const [WIDTH, HEIGHT] = [60, 22];

function Sparkline() {
  const samples = useLastMinute();
  if (samples.length < 2) return <svg className="sparkline" aria-hidden />;
  const top = Math.max(1, ...samples.map((each) => Math.max(each.down, each.up)));
  const line = (of: (total: Total) => number) =>
    samples
      .map((each, index) => {
        const x = WIDTH - (samples.length - 1 - index) * (WIDTH / 29);
        return `${x.toFixed(1)},${(HEIGHT - 1 - (of(each) / top) * (HEIGHT - 2)).toFixed(1)}`;
      })
      .join(" ");
  return (
    <svg className="sparkline" viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} aria-hidden>
      <polyline points={line((each) => each.down)} fill="none" stroke="var(--blue-fill)" strokeWidth="1.5" />
      <polyline points={line((each) => each.up)} fill="none" stroke="var(--green-fill)" strokeWidth="1.5" />
    </svg>
  );
}
