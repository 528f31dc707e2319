/** What is shared in networks that have a list of shared files of their own. */
import { IconFilterOff, IconFolderShare, IconRefresh } from "@tabler/icons-react";
import { useCallback } from "react";
import { may } from "../../api/me";
import type { Item } from "../../api/types";
import { t } from "../../i18n";
import { ItemList } from "../../items/ItemList";
import { clearFilter } from "../../items/useFilter";
import { useInstances } from "../../live/hooks";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Parts";
import { SHARED_COLUMNS } from "./columns";
import { refreshShared } from "./refresh";
import { openSharedDirs } from "./SharedDirs";

const BY_UPLOAD = { column: "total", descending: true };

export default function Shared() {
  const instances = useInstances();
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
      toolbar={<Tools />}
    />
  );
}

/** Look at the folders again, and choose them, for each instance that can. */
function Tools() {
  const instances = useInstances().filter(([, each]) => each.connected);
  const rescan = instances.filter(([, each]) => each.capabilities["refreshShared"]);
  const folders = instances.filter(([, each]) => each.capabilities["sharedDirs"]);
  function refresh() {
    for (const [instanceId, { name }] of rescan) refreshShared(instanceId, name);
  }
  return (
    <>
      {rescan.length > 0 && (
        <Button onClick={refresh}>
          <IconRefresh size={16} aria-hidden />
          {t("shared.refresh")}
        </Button>
      )}
      {may("admin") &&
        folders.map(([id, { name }]) => (
          <Button key={id} onClick={() => openSharedDirs(id, name)}>
            <IconFolderShare size={16} aria-hidden />
            {folders.length > 1 ? t("shared.foldersOf", { name }) : t("shared.folders")}
          </Button>
        ))}
    </>
  );
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
