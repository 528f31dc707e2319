/** The frame of details at the right edge: resizable, closed with Escape; a sheet where there is little room. */
import { IconX } from "@tabler/icons-react";
import { useEffect, useRef, type CSSProperties, type PointerEvent, type ReactNode, type RefObject } from "react";
import { t } from "../i18n";
import "../items/panel/panel.css";
import { usePreference } from "../prefs/preferences";
import { IconButton } from "./Button";
import { isDialogOpen } from "./dialogs";
import { useLatest } from "./useLatest";
import { NOT_DESKTOP, useMedia } from "./useMedia";

const [NARROWEST, WIDEST, STANDARD] = [320, 900, 440];

interface SidePanelProps {
  title: string;
  /** Buttons before the one that closes. */
  tools?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

export function SidePanel({ title, tools, onClose, children }: SidePanelProps) {
  const [width, setWidth] = usePreference("panelWidth", STANDARD);
  const frame = useRef<HTMLElement>(null);
  useEscape(onClose);
  useCover(frame, useMedia(NOT_DESKTOP));
  return (
    <aside ref={frame} tabIndex={-1} className="panel" aria-label={t("panel.label")} style={{ "--panel": `${String(width)}px` } as CSSProperties}>
      <PanelEdge width={width} onChange={setWidth} />
      <div className="panel-head">
        <h2 className="grow panel-title" title={title}>
          {title}
        </h2>
        {tools}
        <IconButton label={t("action.close")} onClick={onClose}>
          <IconX size={18} aria-hidden />
        </IconButton>
      </div>
      {children}
    </aside>
  );
}

/** Where it covers what is beside it, that cannot be reached meanwhile: the focus comes here, and goes back at the end. */
function useCover(frame: RefObject<HTMLElement | null>, covers: boolean): void {
  useEffect(() => {
    const own = frame.current;
    if (!covers || !own) return;
    const before = document.activeElement;
    const beside = [...(own.parentElement?.children ?? [])].filter((each) => each !== own);
    for (const each of beside) each.toggleAttribute("inert", true);
    own.focus({ preventScroll: true });
    return () => {
      for (const each of beside) each.toggleAttribute("inert", false);
      const there = before instanceof HTMLElement && before !== document.body && before.isConnected;
      (there ? before : document.querySelector<HTMLElement>(".table"))?.focus({ preventScroll: true });
    };
  }, [frame, covers]);
}

/** Escape closes it, unless something above it is open, or the list beside it had a use for the key: it hears it first. */
function useEscape(onClose: () => void): void {
  const close = useLatest(onClose);
  useEffect(() => {
    function hear(event: KeyboardEvent) {
      const floating = document.querySelector("[role=menu], .pop") !== null;
      if (event.key === "Escape" && !event.defaultPrevented && !isDialogOpen() && !floating) close.current();
    }
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, [close]);
}

interface EdgeProps {
  width: number;
  onChange: (width: number) => void;
}

const STEP = 32;

function PanelEdge({ width, onChange }: EdgeProps) {
  const start = useRef<number | null>(null);
  const set = (next: number) => onChange(Math.min(WIDEST, Math.max(NARROWEST, Math.round(next))));
  function move(event: PointerEvent) {
    if (start.current !== null) set(start.current - event.clientX);
  }
  return (
    <div
      className="panel-edge"
      role="slider"
      aria-orientation="horizontal"
      aria-label={t("panel.width")}
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = event.clientX + width;
      }}
      onPointerMove={move}
      onPointerUp={() => (start.current = null)}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") set(width + STEP);
        if (event.key === "ArrowRight") set(width - STEP);
      }}
    />
  );
}
