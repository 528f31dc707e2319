/** The trackers of an item, and what each said last. */
import type { Item, Schemas } from "../../api/types";
import { ago, exactTime } from "../../format/time";
import { t, type Key } from "../../i18n";
import { Copyable, Skeleton } from "../../ui/Parts";
import { useDetail } from "./useDetail";

type Tracker = Schemas["TrackerState"];

const DOTS: Record<Tracker["status"], string> = {
  working: "green",
  updating: "yellow",
  error: "red",
  idle: "",
  disabled: "",
};

export default function TrackersTab({ item }: { item: Item }) {
  const { data, error } = useDetail(item);
  if (!data) return error ? <p className="wrong">{error.message}</p> : <Skeleton lines={4} />;
  const trackers = data.trackersDetailed ?? [];
  if (trackers.length === 0) return <p className="quiet">{t("panel.noTrackers")}</p>;
  return (
    <ul>
      {trackers.map((each) => (
        <li key={each.url} className="panel-line">
          <span className={`dot ${DOTS[each.status]}`} />
          <div className="grow">
            <Copyable text={each.url} />
            <div className="small quiet" title={exactTime(each.lastAnnounce)}>
              {[t(`tracker.${each.status}` as Key), counts(each), ago(each.lastAnnounce), each.message]
                .filter(Boolean)
                .join(" · ")}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function counts({ seeds, peers }: Tracker): string {
  if (seeds === null && peers === null) return "";
  return t("panel.swarm", { seeds: seeds ?? 0, peers: peers ?? 0 });
}
