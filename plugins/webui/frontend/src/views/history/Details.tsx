/** All that the history keeps of one entry. */
import { IconTrash } from "@tabler/icons-react";
import { call } from "../../api/client";
import { may } from "../../api/me";
import { useAsked } from "../../api/useAsked";
import { networkName } from "../../format/network";
import { exactTime } from "../../format/time";
import { bytes, exactBytes, ratio, speedOrNothing } from "../../format/units";
import { t } from "../../i18n";
import { CategoryMark } from "../../items/Status";
import { useItem } from "../../live/store";
import { Link } from "../../router/Link";
import { pathOf } from "../../router/router";
import { IconButton } from "../../ui/Button";
import { Copyable, Facts, Skeleton } from "../../ui/Parts";
import { SidePanel } from "../../ui/SidePanel";
import { Trouble } from "../../ui/Trouble";
import { EntryMark, nameOfUser } from "./columns";
import type { Entry } from "./question";

interface DetailsProps {
  /** Instance and hash, with a colon between them. */
  entryKey: string;
  onClose: () => void;
  onDelete: (entries: Entry[]) => void;
}

const EVERY_MS = 30_000;

export function keyOfEntry(entry: Entry): string {
  return `${entry.instance_id}:${entry.hash}`;
}

export function Details({ entryKey, onClose, onDelete }: DetailsProps) {
  const colon = entryKey.lastIndexOf(":");
  const [instanceId, hash] = [entryKey.slice(0, colon), entryKey.slice(colon + 1)];
  const asked = useAsked(
    entryKey,
    (signal) => call("get", "/api/history/{hash}", { path: { hash }, query: { instanceId }, signal }),
    EVERY_MS,
  );
  const entry = asked.data;
  return (
    <SidePanel
      title={entry?.filename ?? t("state.loading")}
      onClose={onClose}
      tools={
        entry &&
        may("clear_history") && (
          <IconButton label={t("hist.delete")} onClick={() => onDelete([entry])}>
            <IconTrash size={18} aria-hidden />
          </IconButton>
        )
      }
    >
      <div className="tab-panel stack">
        {asked.error !== null && <Trouble text={asked.error.message} onRetry={asked.again} />}
        {entry ? <Body entry={entry} entryKey={entryKey} /> : asked.error === null && <Skeleton lines={6} />}
      </div>
    </SidePanel>
  );
}

function Body({ entry, entryKey }: { entry: Entry; entryKey: string }) {
  const there = useItem(entryKey) !== undefined;
  return (
    <>
      <EntryMark status={entry.status} />
      {there && <Link to={pathOf("downloads", [], new URLSearchParams({ item: entryKey }))}>{t("hist.openItem")}</Link>}
      <Facts
        facts={[
          [t("column.client"), entry.instance_name],
          [t("instance.network"), networkName(entry.network_type)],
          [t("history.by"), nameOfUser(entry.username)],
          [t("column.category"), entry.category && <CategoryMark key="category" name={entry.category} />],
          [t("history.started"), exactTime(entry.started_at)],
          [t("hist.completedAt"), exactTime(entry.completed_at)],
          [t("hist.deletedAt"), exactTime(entry.deleted_at)],
          [t("history.lastSeen"), exactTime(entry.last_seen_at)],
          [t("column.size"), <span key="size" title={exactBytes(entry.size)}>{bytes(entry.size)}</span>],
          [t("column.downloaded"), <span key="down" title={exactBytes(entry.downloaded)}>{bytes(entry.downloaded)}</span>],
          [t("column.uploaded"), <span key="up" title={exactBytes(entry.uploaded)}>{bytes(entry.uploaded)}</span>],
          [t("column.ratio"), ratio(entry.ratio)],
          [t("column.down"), speedOrNothing(entry.download_speed)],
          [t("column.up"), speedOrNothing(entry.upload_speed)],
          [t("column.tracker"), entry.tracker_domain],
          [t("column.path"), entry.path && <Copyable key="path" text={entry.path} />],
          [t("column.hash"), <Copyable key="hash" text={entry.hash} />],
        ]}
      />
    </>
  );
}
