/** The daemon's machine: how busy it is, and free space for each path that categories write to. */
import type { DiskSpace } from "../../api/types";
import { bytes } from "../../format/units";
import { t } from "../../i18n";
import { useLive } from "../../live/store";
import { Progress, type Tone } from "../../ui/Parts";

/** With so few bytes left nothing can be saved reliably. */
const FULL_BELOW = 1 << 20;
const BUSY = 85;

export function Machine() {
  const disks = useLive((live) => live.diskSpace);
  const cpu = useLive((live) => live.cpu);
  if (disks.length === 0 && cpu === null) return null;
  return (
    <section className="card">
      <h2>{t("home.machine")}</h2>
      {cpu !== null && (
        <div className="stack disk">
          <span>{t("home.cpu")}</span>
          <Part percent={cpu} label={t("home.cpu")} tone={cpu > BUSY ? "amber" : "grey"} />
        </div>
      )}
      {disks.map((disk) => (
        <Disk key={disk.path} disk={disk} />
      ))}
    </section>
  );
}

function Disk({ disk }: { disk: DiskSpace }) {
  const values = { free: bytes(disk.free), total: bytes(disk.total) };
  const full = disk.free < FULL_BELOW;
  const words = t(full ? "home.full" : disk.total === null ? "home.diskFreePlain" : "home.diskFree", values);
  const tone: Tone = full ? "red" : disk.low ? "amber" : "grey";
  return (
    <div className="stack disk">
      <div className="row">
        <span className="truncate grow mono small" title={disk.path}>
          {disk.path}
        </span>
        <span className={`number small ${tone === "grey" ? "" : `tone-${tone}`}`}>{words}</span>
      </div>
      {disk.percentUsed !== null && <Part percent={disk.percentUsed} label={disk.path} tone={tone} />}
      {disk.categories.length > 0 && (
        <span className="small quiet truncate">{t("home.diskFor", { categories: disk.categories.join(", ") })}</span>
      )}
    </div>
  );
}

function Part({ percent, label, tone }: { percent: number; label: string; tone: Tone }) {
  return <Progress value={percent} label={label} tone={tone} text={`${String(Math.round(percent))} %`} />;
}
