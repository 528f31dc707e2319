/** The details of one item: what can be done with it, and a tab for each thing to know. */
import { IconChevronDown, IconChevronUp, IconDotsVertical } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { may } from "../../api/me";
import type { Item } from "../../api/types";
import { t } from "../../i18n";
import { useInstance } from "../../live/hooks";
import { useItem } from "../../live/store";
import { patchQuery, useQuery } from "../../router/router";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { later } from "../../ui/later";
import { Empty, Skeleton } from "../../ui/Parts";
import { SidePanel } from "../../ui/SidePanel";
import { Tabs, type Tab } from "../../ui/Tabs";
import { actionEntries } from "../entries";
import { ItemStatus } from "../Status";
import { General } from "./General";
import type { PanelProps } from "./PanelSlot";
import { useStepKeys } from "./useStepKeys";

interface TabProps {
  item: Item;
}

const part = (load: () => Promise<{ default: ComponentType<TabProps> }>) => later(load, <Skeleton lines={5} />);

const FilesTab = part(() => import("./files/FilesTab"));
const PeersTab = part(() => import("./peers/PeersTab"));
const TrackersTab = part(() => import("./TrackersTab"));
const HistoryTab = part(() => import("./HistoryTab"));
const RawTab = part(() => import("./RawTab"));

const close = () => patchQuery({ item: null, tab: null }, "step");

export default function Panel({ itemKey, keys }: PanelProps) {
  const item = useItem(itemKey);
  const at = keys.indexOf(itemKey);
  const [before, after] = at < 0 ? [] : [keys[at - 1], keys[at + 1]];
  const step = (to: string | undefined) => to !== undefined && patchQuery({ item: to }, "step");
  useStepKeys({ j: () => step(after), k: () => step(before) });
  return (
    <SidePanel
      title={item?.name ?? t("panel.gone")}
      onClose={close}
      tools={
        <>
          {item && (
            <Menu align="end" entries={() => actionEntries([item])}>
              <IconButton label={t("table.actions", { name: item.name })} tip={false}>
                <IconDotsVertical size={18} aria-hidden />
              </IconButton>
            </Menu>
          )}
          <IconButton label={t("panel.previous")} aria-keyshortcuts="k" disabled={before === undefined} onClick={() => step(before)}>
            <IconChevronUp size={18} aria-hidden />
          </IconButton>
          <IconButton label={t("panel.next")} aria-keyshortcuts="j" disabled={after === undefined} onClick={() => step(after)}>
            <IconChevronDown size={18} aria-hidden />
          </IconButton>
        </>
      }
    >
      {item ? <Body itemKey={itemKey} item={item} /> : <Empty title={t("panel.gone")} />}
    </SidePanel>
  );
}

/** The tabs stay when the item is another one, and with them the focus; what is in them is drawn anew. */
function Body({ item, itemKey }: TabProps & { itemKey: string }) {
  const [tab, setTab] = useQuery("tab", "step");
  const can = useInstance(item.instanceId)?.capabilities ?? {};
  const drawn = (Shown: ComponentType<TabProps>) => () => <Shown key={itemKey} item={item} />;
  const tabs: (Tab | false | undefined)[] = [
    { id: "general", text: t("panel.general"), draw: drawn(General) },
    can["files"] && { id: "files", text: t("panel.files"), draw: drawn(FilesTab) },
    can["peers"] && { id: "peers", text: t("panel.peers"), draw: drawn(PeersTab) },
    can["trackers"] && { id: "trackers", text: t("panel.trackers"), draw: drawn(TrackersTab) },
    may("view_history") && { id: "history", text: t("panel.history"), draw: drawn(HistoryTab) },
    { id: "raw", text: t("panel.raw"), draw: drawn(RawTab) },
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
