/** What is shared in networks that have a list of shared files of their own. */
import { IconFilterOff, IconFolderShare, IconRefresh } from "@tabler/icons-react";
import { useCallback } from "react";
import { may } from "../../api/me";
import type { Instance, Item } from "../../api/types";
import { t } from "../../i18n";
import { ItemList } from "../../items/ItemList";
import { clearFilter } from "../../items/useFilter";
import { useInstances } from "../../live/hooks";
import { Button } from "../../ui/Button";
import type { Entry } from "../../ui/Menu";
import { Empty } from "../../ui/Parts";
import { SHARED_COLUMNS } from "./columns";
import { refreshShared } from "./refresh";
import { openSharedDirs } from "./SharedDirs";

const BY_UPLOAD = { column: "total", descending: true };

export default function Shared() {
  const instances = useInstances();
  const tools = useTools();
  const ids = instances.filter(([, each]) => each.capabilities["sharedFiles"]).map(([id]) => id);
  const key = ids.join(" ");
  const belongs = useCallback((item: Item) => item.shared === true && key.split(" ").includes(item.instanceId), [key]);
  return (
    <ItemList
      name="shared"
      label={t("nav.shared")}
      columns={SHARED_COLUMNS}
      standard={BY_UPLOAD}
      belongs={belongs}
      empty={(total) => <Nothing total={total} />}
      tools={tools}
    />
  );
}

/** Look at the folders again, and choose them, for each instance that can. */
function useTools(): Entry[] {
  const instances = useInstances().filter(([, each]) => each.connected);
  const rescan = instances.filter(([, each]) => each.capabilities["refreshShared"]);
  const folders = may("admin") ? instances.filter(([, each]) => each.capabilities["sharedDirs"]) : [];
  const tools: Entry[] = folders.map(([id, { name }]) => ({
    id,
    text: folders.length > 1 ? t("shared.foldersOf", { name }) : t("shared.folders"),
    icon: <IconFolderShare size={16} aria-hidden />,
    onSelect: () => openSharedDirs(id, name),
  }));
  if (rescan.length === 0) return tools;
  const refresh = { id: "refresh", text: t("shared.refresh"), icon: <IconRefresh size={16} aria-hidden />, onSelect: () => lookAgain(rescan) };
  return [refresh, ...tools];
}

function lookAgain(instances: [id: string, instance: Instance][]): void {
  for (const [instanceId, { name }] of instances) {
    refreshShared(instanceId, name);
  }
}

function Nothing({ total }: { total: number }) {
  if (total > 0) {
    return (
      <Empty icon={<IconFilterOff size={40} aria-hidden />} title={t("downloads.noMatchTitle")}>
        <p>{t("downloads.noMatchText", { count: total })}</p>
        <Button onClick={clearFilter}>{t("action.clearFilters")}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon={<IconFolderShare size={40} aria-hidden />} title={t("shared.noneTitle")}>
      <p>{t("shared.noneText")}</p>
    </Empty>
  );
}
