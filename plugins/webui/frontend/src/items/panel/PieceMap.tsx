/** Which pieces are here, drawn on a canvas; an ED2K file shows its parts and who has them. */
import { useEffect, useRef } from "react";
import type { Item } from "../../api/types";
import { t, type Key } from "../../i18n";
import { useInstance } from "../../live/hooks";
import { useColors } from "../../prefs/useColors";
import { resolved } from "../../ui/resolved";
import { PartStrip } from "../PartStrip";
import { colorOfPart, PART_KINDS } from "../parts";
import { useDetail, type Detail } from "./useDetail";

type Pieces = NonNullable<Detail["pieces"]>;

const PIECE_COLORS = ["--track", "--amber-fill", "--blue-fill"];
const HEIGHT = 40;

export function PieceMap({ item }: { item: Item }) {
  const instance = useInstance(item.instanceId);
  if (item.complete) return null;
  if (item.partStatus && item.partStatus.length > 0) {
    return (
      <div className="stack">
        <PartStrip item={item} height={20} />
        <Legend entries={PART_KINDS.map((kind) => [`part.${kind}`, colorOfPart(kind)])} />
      </div>
    );
  }
  return instance?.capabilities["pieceMap"] && instance.connected ? <Asked item={item} /> : null;
}

function Asked({ item }: { item: Item }) {
  const pieces = useDetail(item).data?.pieces;
  if (!pieces || pieces.count === 0) return null;
  return (
    <div className="stack">
      <Drawn pieces={pieces} />
      <Legend entries={PIECE_COLORS.map((color, state) => [`piece.${String(state)}` as Key, color])} />
    </div>
  );
}

function Drawn({ pieces }: { pieces: Pieces }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useColors();
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    element.width = element.clientWidth * devicePixelRatio;
    element.height = HEIGHT * devicePixelRatio;
    const colors = PIECE_COLORS.map(resolved);
    let at = 0;
    for (const [state, count] of pieces.states) {
      context.fillStyle = colors[state] ?? "";
      const x = (at / pieces.count) * element.width;
      context.fillRect(x, 0, Math.max(1, (count / pieces.count) * element.width), element.height);
      at += count;
    }
  }, [pieces, theme]);
  const have = pieces.states.reduce((sum, [state, count]) => sum + (state === 2 ? count : 0), 0);
  const words = t("panel.pieces", { have, count: pieces.count });
  return (
    <div role="img" aria-label={words} title={words}>
      <canvas ref={canvas} className="piece-map" aria-hidden />
    </div>
  );
}

function Legend({ entries }: { entries: [Key, string][] }) {
  return (
    <div className="legend small quiet">
      {entries.map(([text, color]) => (
        <span key={text}>
          <i style={{ background: `var(${color})` }} />
          {t(text)}
        </span>
      ))}
    </div>
  );
}
