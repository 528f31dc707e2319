/** What became of an item, as the history keeps it. */
import { useEffect, useState } from "react";
import { call } from "../../api/client";
import type { Item, Schemas } from "../../api/types";
import { exactTime } from "../../format/time";
import { bytes, ratio } from "../../format/units";
import { t, type Key } from "../../i18n";
import { Copyable, Facts, Skeleton } from "../../ui/Parts";

export default function HistoryTab({ item }: { item: Item }) {
  const { hash, instanceId, status } = item;
  const [entry, setEntry] = useState<Schemas["HistoryEntry"] | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    call("get", "/api/history/{hash}", { path: { hash }, query: { instanceId }, signal: stop.signal })
      .then(setEntry)
      .catch((refused: unknown) => {
        if (!stop.signal.aborted) setError(refused instanceof Error ? refused.message : String(refused));
      });
    return () => stop.abort();
    // what is kept changes with the status
  }, [hash, instanceId, status]);
  if (error !== null) return <p className="quiet">{error}</p>;
  if (!entry) return <Skeleton lines={5} />;
  return (
    <Facts
      facts={[
        [t("column.status"), t(`history.${entry.status}` as Key)],
        [t("history.by"), entry.username],
        [t("history.started"), exactTime(entry.started_at)],
        [t("history.completed"), exactTime(entry.completed_at)],
        [t("history.deleted"), exactTime(entry.deleted_at)],
        [t("history.lastSeen"), exactTime(entry.last_seen_at)],
        [t("column.size"), bytes(entry.size)],
        [t("column.downloaded"), bytes(entry.downloaded)],
        [t("column.uploaded"), bytes(entry.uploaded)],
        [t("column.ratio"), ratio(entry.ratio)],
        [t("column.path"), entry.path && <Copyable text={entry.path} />],
      ]}
    />
  );
}
