/** What was moved over time: a pair of bars for each bucket; the pointer reads exact values. */
import { useMemo, useRef, useState, type PointerEvent } from "react";
import { exactTime } from "../format/time";
import { bytes } from "../format/units";
import { getLanguage, t } from "../i18n";
import { useWidth } from "../table/useWidth";
import "./chart.css";
import { speedTicks } from "./series";
import { barsOf, MOVED_S, timeTicks, type Bar, type Moved } from "./transfer";

interface TransferChartProps {
  points: Moved[];
  range: string;
  /** The time at the right edge, in ms. */
  now: number;
  label: string;
  height?: number;
}

const [LEFT, BOTTOM, TOP] = [74, 22, 8];
const TICK_PX = 90;
const LEAST = 1024;

export function TransferChart({ points, range, now, label, height = 200 }: TransferChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [read, setRead] = useState<Moved | null>(null);
  const top = Math.max(LEAST, ...points.flatMap((each) => [each.down, each.up])) * 1.05;
  const bars = useMemo(() => barsOf(points, range, now, top), [points, range, now, top]);
  const [inner, high] = [Math.max(0, width - LEFT), height - BOTTOM - TOP];
  const yOf = (part: number) => TOP + high * (1 - part);
  function point(event: PointerEvent) {
    const at = (event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT) / inner;
    setRead(bars.find((each) => at >= each.left && at < each.left + each.width)?.point ?? null);
  }
  return (
    <figure className="chart">
      <figcaption className="chart-read small number">
        <span className="legend">
          <Legend color="--blue-fill" word={t("stats.downloaded")} value={read?.down} />
          <Legend color="--green-fill" word={t("stats.uploaded")} value={read?.up} />
        </span>
        <span className="quiet">{read ? exactTime(read.timestamp) : ""}</span>
      </figcaption>
      <div ref={box} style={{ height }}>
        {inner > 0 && (
          <svg
            role="img"
            aria-label={label}
            className="bars"
            width={width}
            height={height}
            onPointerMove={point}
            onPointerLeave={() => setRead(null)}
          >
            {speedTicks(top).map((each) => (
              <g key={each}>
                <line x1={LEFT} x2={width} y1={yOf(each / top)} y2={yOf(each / top)} />
                <text x={LEFT - 8} y={yOf(each / top) + 4} textAnchor="end">
                  {bytes(each)}
                </text>
              </g>
            ))}
            <TimeAxis {...{ range, now, width, inner }} y={height - 6} />
            {bars.map((bar) => (
              <Pair key={bar.point.timestamp} bar={bar} inner={inner} high={high} />
            ))}
          </svg>
        )}
      </div>
    </figure>
  );
}

function Legend({ color, word, value }: { color: string; word: string; value: number | undefined }) {
  return (
    <span>
      <i style={{ background: `var(${color})` }} />
      {word} {value !== undefined && <b>{bytes(value)}</b>}
    </span>
  );
}

function Pair({ bar, inner, high }: { bar: Bar; inner: number; high: number }) {
  const x = LEFT + bar.left * inner;
  const each = Math.max(1, (bar.width * inner - 1) / 2);
  const draw = (part: number, at: number, name: string) => {
    const tall = part > 0 ? Math.max(1, part * high) : 0;
    return <rect className={name} x={at} y={TOP + high - tall} width={each} height={tall} />;
  };
  return (
    <>
      {draw(bar.down, x, "bar-down")}
      {draw(bar.up, x + each, "bar-up")}
    </>
  );
}

interface TimeAxisProps {
  range: string;
  now: number;
  width: number;
  inner: number;
  y: number;
}

function TimeAxis({ range, now, width, inner, y }: TimeAxisProps) {
  const { bucket, range: whole } = MOVED_S[range] ?? { bucket: 900, range: 86_400 };
  const end = Math.ceil(now / 1000 / bucket) * bucket;
  const format = new Intl.DateTimeFormat(
    getLanguage(),
    range === "24h" ? { hour: "2-digit", minute: "2-digit" } : { month: "short", day: "numeric" },
  );
  return timeTicks(range, now, Math.max(2, Math.floor(inner / TICK_PX))).map((each) => {
    const x = LEFT + (1 - (end - each / 1000) / whole) * inner;
    if (x < LEFT || x > width - 32) return null;
    return (
      <text key={each} x={x} y={y} textAnchor="middle">
        {format.format(each)}
      </text>
    );
  });
}
