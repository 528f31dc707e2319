/** Everything that is or was being downloaded, of all clients. */
import { IconDownload, IconFilterOff, IconPlugConnected } from "@tabler/icons-react";
import { openAdd } from "../../add/open";
import { may } from "../../api/me";
import type { Item } from "../../api/types";
import { t } from "../../i18n";
import { ITEM_COLUMNS } from "../../items/columns";
import { ItemList } from "../../items/ItemList";
import { clearFilter } from "../../items/useFilter";
import { getLive, useLive } from "../../live/store";
import { navigate } from "../../router/router";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Parts";

/** Everything but what is merely shared: files that nobody downloaded here have their own list. */
function belongs(item: Item): boolean {
  const listed = getLive().instances[item.instanceId]?.capabilities["sharedFiles"] === true;
  return !(listed && item.complete && !item.addedAt);
}

const BY_DATE = { column: "added", descending: true };

export default function Downloads() {
  return (
    <ItemList
      name="downloads"
      label={t("downloads.label")}
      columns={ITEM_COLUMNS}
      standard={BY_DATE}
      belongs={belongs}
      empty={(total) => <Nothing total={total} />}
    />
  );
}

function Nothing({ total }: { total: number }) {
  const clients = useLive((live) => Object.keys(live.instances).length);
  if (total > 0) {
    return (
      <Empty icon={<IconFilterOff size={40} aria-hidden />} title={t("downloads.noMatchTitle")}>
        <p>{t("downloads.noMatchText", { count: total })}</p>
        <Button onClick={clearFilter}>{t("action.clearFilters")}</Button>
      </Empty>
    );
  }
  if (clients === 0) {
    return (
      <Empty icon={<IconPlugConnected size={40} aria-hidden />} title={t("downloads.noClientsTitle")}>
        <p>{t("downloads.noClientsText")}</p>
        {may("admin") && <Button onClick={() => navigate("/settings")}>{t("nav.settings")}</Button>}
      </Empty>
    );
  }
  return (
    <Empty icon={<IconDownload size={40} aria-hidden />} title={t("downloads.noneTitle")}>
      <p>{t("downloads.noneText")}</p>
      {may("add_downloads") && (
        <Button look="primary" onClick={() => openAdd()}>
          {t("top.add")}
        </Button>
      )}
    </Empty>
  );
}
