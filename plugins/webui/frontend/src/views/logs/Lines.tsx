/** Many lines of different heights, of which those in sight are drawn; it follows the end unless one scrolls away. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { IconArrowDown } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";

const LINE_PX = 24;
const NEAR_PX = 40;

interface LinesProps {
  label: string;
  count: number;
  draw: (at: number) => ReactNode;
}

export function Lines({ label, count, draw }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  // how many lines there were when somebody scrolled away from the end
  const [left, setLeft] = useState<number | null>(null);
  const following = left === null;
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by what it returns
  const lines = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => LINE_PX, overscan: 20 });
  useEffect(() => {
    if (following && count > 0) lines.scrollToIndex(count - 1, { align: "end" });
  }, [following, count, lines]);
  const scrolled = () => {
    const now = box.current;
    if (!now) return;
    const atEnd = now.scrollHeight - now.scrollTop - now.clientHeight < NEAR_PX;
    setLeft((before) => (atEnd ? null : (before ?? count)));
  };
  return (
    <div className="log-frame">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to take the focus */}
      <div className="log-lines mono" ref={box} onScroll={scrolled} role="log" aria-live="off" aria-label={label} tabIndex={0}>
        <div style={{ height: lines.getTotalSize(), position: "relative" }}>
          {lines.getVirtualItems().map((each) => (
            <div key={each.key} ref={lines.measureElement} data-index={each.index} className="log-place" style={{ transform: `translateY(${String(each.start)}px)` }}>
              {draw(each.index)}
            </div>
          ))}
        </div>
      </div>
      {!following && (
        <Button className="log-end" onClick={() => setLeft(null)}>
          <IconArrowDown size={16} aria-hidden />
          {count > left ? t("logs.newLines", { count: count - left }) : t("logs.toEnd")}
        </Button>
      )}
    </div>
  );
}
