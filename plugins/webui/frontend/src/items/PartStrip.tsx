/** Which parts of an ED2K file are here, under way, to be had, or nowhere: a thin strip. */
import { useEffect, useRef } from "react";
import type { Item } from "../api/types";
import { useColors } from "../prefs/useColors";
import { resolved } from "../ui/resolved";
import { colorOfPart, PART_KINDS, partsOf } from "./parts";

export function PartStrip({ item, height = 3 }: { item: Item; height?: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useColors();
  const { partStatus, gapStatus, reqStatus, size } = item;
  const there = !item.complete && partStatus !== undefined && partStatus.length > 0;
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!there || !element || !context) return;
    const width = element.clientWidth * devicePixelRatio;
    element.width = width;
    element.height = height * devicePixelRatio;
    const colors = Object.fromEntries(PART_KINDS.map((kind) => [kind, resolved(colorOfPart(kind))]));
    for (const [from, to, kind] of partsOf({ partStatus, gapStatus, reqStatus, size })) {
      context.fillStyle = colors[kind] ?? "";
      const x = (from / size) * width;
      context.fillRect(x, 0, Math.max(1, (to / size) * width - x), element.height);
    }
  }, [there, partStatus, gapStatus, reqStatus, size, height, theme]);
  return there ? <canvas ref={canvas} className="part-strip" style={{ height }} aria-hidden /> : null;
}
