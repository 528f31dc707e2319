/** The details of one item, at the right edge: resizable, closed with Escape; a sheet where there is little room. */
import { IconChevronDown, IconChevronUp, IconDotsVertical, IconX } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useRef, type ComponentType, type PointerEvent } from "react";
import { may } from "../../api/me";
import type { Item } from "../../api/types";
import { t } from "../../i18n";
import { useInstance } from "../../live/hooks";
import { useItem } from "../../live/store";
import { usePreference } from "../../prefs/preferences";
import { patchQuery, useQuery } from "../../router/router";
import { IconButton } from "../../ui/Button";
import { isDialogOpen } from "../../ui/dialogs";
import { Menu } from "../../ui/Menu";
import { Empty, Skeleton } from "../../ui/Parts";
import { Tabs, type Tab } from "../../ui/Tabs";
import { actionEntries } from "../entries";
import { ItemStatus } from "../Status";
import { General } from "./General";
import "./panel.css";
import type { PanelProps } from "./PanelSlot";

interface TabProps {
  item: Item;
}

const FilesTab = lazy<ComponentType<TabProps>>(() => import("./FilesTab"));
const PeersTab = lazy<ComponentType<TabProps>>(() => import("./PeersTab"));
const TrackersTab = lazy<ComponentType<TabProps>>(() => import("./TrackersTab"));
const HistoryTab = lazy<ComponentType<TabProps>>(() => import("./HistoryTab"));
const RawTab = lazy<ComponentType<TabProps>>(() => import("./RawTab"));

const [NARROWEST, WIDEST, STANDARD] = [320, 900, 440];

const close = () => patchQuery({ item: null, tab: null });

export default function Panel({ itemKey, keys }: PanelProps) {
  const item = useItem(itemKey);
  const [width, setWidth] = usePreference("panelWidth", STANDARD);
  const at = keys.indexOf(itemKey);
  const step = (by: number) => patchQuery({ item: keys[at + by] ?? itemKey });
  useEscape();
  return (
    <aside className="panel" aria-label={t("panel.label")} style={{ "--panel": `${String(width)}px` } as React.CSSProperties}>
      <Edge width={width} onChange={setWidth} />
      <div className="panel-head">
        <h2 className="grow panel-title" title={item?.name}>
          {item?.name ?? t("panel.gone")}
        </h2>
        {item && (
          <Menu align="end" entries={() => actionEntries([item])}>
            <IconButton label={t("table.actions", { name: item.name })} tip={false}>
              <IconDotsVertical size={18} aria-hidden />
            </IconButton>
          </Menu>
        )}
        <IconButton label={t("panel.previous")} disabled={at <= 0} onClick={() => step(-1)}>
          <IconChevronUp size={18} aria-hidden />
        </IconButton>
        <IconButton label={t("panel.next")} disabled={at < 0 || at >= keys.length - 1} onClick={() => step(1)}>
          <IconChevronDown size={18} aria-hidden />
        </IconButton>
        <IconButton label={t("action.close")} onClick={close}>
          <IconX size={18} aria-hidden />
        </IconButton>
      </div>
      {item ? <Body key={itemKey} item={item} /> : <Empty title={t("panel.gone")} />}
    </aside>
  );
}

function Body({ item }: TabProps) {
  const [tab, setTab] = useQuery("tab");
  const can = useInstance(item.instanceId)?.capabilities ?? {};
  const lazily = (Shown: ComponentType<TabProps>) => () => (
    <Suspense fallback={<Skeleton lines={5} />}>
      <Shown item={item} />
    </Suspense>
  );
  const tabs: (Tab | false | undefined)[] = [
    { id: "general", text: t("panel.general"), draw: () => <General item={item} /> },
    can["files"] && { id: "files", text: t("panel.files"), draw: lazily(FilesTab) },
    can["peers"] && { id: "peers", text: t("panel.peers"), draw: lazily(PeersTab) },
    can["trackers"] && { id: "trackers", text: t("panel.trackers"), draw: lazily(TrackersTab) },
    may("view_history") && { id: "history", text: t("panel.history"), draw: lazily(HistoryTab) },
    { id: "raw", text: t("panel.raw"), draw: lazily(RawTab) },
  ];
  return (
    <>
      <div className="panel-status">
        <ItemStatus item={item} />
        {item.message && <span className="small quiet">{item.message}</span>}
      </div>
      <Tabs
        label={t("panel.label")}
        tabs={tabs.filter((each): each is Tab => !!each)}
        value={tab || "general"}
        onChange={(id) => setTab(id === "general" ? null : id)}
      />
    </>
  );
}

/** Escape closes the panel, unless something above it is open. */
function useEscape(): void {
  useEffect(() => {
    function hear(event: KeyboardEvent) {
      const floating = document.querySelector("[role=menu], .pop") !== null;
      if (event.key === "Escape" && !event.defaultPrevented && !isDialogOpen() && !floating) close();
    }
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}

interface EdgeProps {
  width: number;
  onChange: (width: number) => void;
}

const STEP = 32;

function Edge({ width, onChange }: EdgeProps) {
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
