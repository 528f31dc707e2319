/** Free space for each path that categories write to; amber where it runs low. */
import type { DiskSpace } from "../../api/types";
import { bytes } from "../../format/units";
import { t } from "../../i18n";
import { useLive } from "../../live/store";
import { Progress } from "../../ui/Parts";

export function Disks() {
  const disks = useLive((live) => live.diskSpace);
  if (disks.length === 0) return null;
  return (
    <section className="card">
      <h2>{t("home.disks")}</h2>
      {disks.map((disk) => (
        <Disk key={disk.path} disk={disk} />
      ))}
    </section>
  );
}

function Disk({ disk }: { disk: DiskSpace }) {
  const values = { free: bytes(disk.free), total: bytes(disk.total) };
  const words = t(disk.total === null ? "home.diskFreePlain" : "home.diskFree", values);
  return (
    <div className="stack disk">
      <div className="row">
        <span className="truncate grow mono small" title={disk.path}>
          {disk.path}
        </span>
        <span className={`number small ${disk.low ? "tone-amber" : ""}`}>{words}</span>
      </div>
      {disk.percentUsed !== null && (
        <Progress value={disk.percentUsed} label={disk.path} tone={disk.low ? "amber" : "grey"} text={`${String(Math.round(disk.percentUsed))} %`} />
      )}
      {disk.categories.length > 0 && (
        <span className="small quiet truncate">{t("home.diskFor", { categories: disk.categories.join(", ") })}</span>
      )}
    </div>
  );
}
