/** Speeds over time: down as a blue area, up as a green line; the pointer reads exact values. Loaded when first seen. */
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { exactTime } from "../format/time";
import { speed } from "../format/units";
import { getLanguage, t } from "../i18n";
import { useColors } from "../prefs/useColors";
import { resolved } from "../ui/resolved";
import { BUCKET_S, seriesOf, spanOf, speedTicks, type Point } from "./series";
import "./chart.css";

interface SpeedChartProps {
  points: Point[];
  range: string;
  height?: number;
  label?: string;
}

const AXIS = 80;
const TIMES = 30;
const APART = 90;

function optionsOf(width: number, height: number, range: string): uPlot.Options {
  const [ink, line] = [resolved("--ink-2"), resolved("--line")];
  const [down, up] = [resolved("--blue-fill"), resolved("--green-fill")];
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1, size: 4 } };
  const day = new Intl.DateTimeFormat(getLanguage(), { month: "short", day: "numeric" });
  const hour = new Intl.DateTimeFormat(getLanguage(), { hour: "2-digit", minute: "2-digit" });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false }, points: { size: 6 } },
    scales: { x: { range: () => spanOf(range, Date.now()) }, y: { range: (_, __, top) => [0, Math.max(1024, top * 1.05)] } },
    axes: [
      {
        ...axis,
        size: TIMES,
        space: APART,
        values: (_, splits, __, ___, step) => splits.map((each) => (step >= 86_400 ? day : hour).format(each * 1000)),
      },
      { ...axis, size: AXIS, splits: (_, __, ___, top) => speedTicks(top), values: (_, splits) => splits.map((each) => speed(each)) },
    ],
    series: [
      {},
      { stroke: down, fill: `color-mix(in srgb, ${down} 22%, transparent)`, width: 1.5, points: { show: false } },
      { stroke: up, width: 1.5, points: { show: false } },
    ],
  };
}

export default function SpeedChart({ points, range, height = 200, label = t("chart.label") }: SpeedChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [read, setRead] = useState<[number, number | null, number | null] | null>(null);
  const colors = useColors();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const options = optionsOf(element.clientWidth, height, range);
    const setCursor = (drawn: uPlot) => {
      const at = drawn.cursor.idx;
      const time = at === null || at === undefined ? undefined : drawn.data[0][at];
      setRead(time === undefined ? null : [time, drawn.data[1]?.[at as number] ?? null, drawn.data[2]?.[at as number] ?? null]);
    };
    const drawn = new uPlot({ ...options, hooks: { setCursor: [setCursor] } }, [[], [], []], element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [height, range, colors]);
  useEffect(() => {
    plot.current?.setData(seriesOf(points, BUCKET_S[range] ?? 15));
  }, [points, range, colors, height]);
  return (
    <figure className="chart">
      <figcaption className="chart-read small number">
        <span className="legend">
          <span>
            <i style={{ background: "var(--blue-fill)" }} />
            {t("chart.down")} {read && <b>{read[1] === null ? "–" : speed(read[1])}</b>}
          </span>
          <span>
            <i style={{ background: "var(--green-fill)" }} />
            {t("chart.up")} {read && <b>{read[2] === null ? "–" : speed(read[2])}</b>}
          </span>
        </span>
        <span className="quiet">{read ? exactTime(read[0] * 1000) : ""}</span>
      </figcaption>
      <div ref={box} role="img" aria-label={label} style={{ height }} />
    </figure>
  );
}
