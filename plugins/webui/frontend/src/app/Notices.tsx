/** Slim lines under the top bar: a lost connection, hidden instances, a disk that runs low. */
import { IconAlertTriangle, IconEyeOff, IconPlugConnectedX } from "@tabler/icons-react";
import { moment } from "../format/time";
import { bytes } from "../format/units";
import { t } from "../i18n";
import { useHiddenInstances } from "../live/hooks";
import { retryNow } from "../live/socket";
import { useLive } from "../live/store";
import { Button } from "../ui/Button";

export function Notices() {
  return (
    <>
      <Connection />
      <Hidden />
      <LowDisks />
    </>
  );
}

function Connection() {
  const lost = useLive((live) => live.phase === "lost");
  const since = useLive((live) => (live.loaded ? live.staleSince : null));
  if (!lost) return null;
  return (
    <div className="bar-note">
      <IconPlugConnectedX size={18} aria-hidden />
      <span className="truncate">{since === null ? t("connection.none") : t("connection.lost", { time: moment(since) })}</span>
      <Button onClick={retryNow}>{t("action.retry")}</Button>
    </div>
  );
}

function Hidden() {
  const [hidden, setHidden] = useHiddenInstances();
  const count = useLive((live) => hidden.filter((each) => each in live.instances).length);
  if (count === 0) return null;
  return (
    <div className="bar-note plain">
      <IconEyeOff size={18} aria-hidden />
      <span className="truncate">{t("instance.hiddenSome", { count })}</span>
      <Button onClick={() => setHidden([])}>{t("instance.showAll")}</Button>
    </div>
  );
}

function LowDisks() {
  const disks = useLive((live) => live.diskSpace);
  return disks
    .filter((each) => each.low)
    .map((disk) => {
      const values = { path: disk.path, free: bytes(disk.free), categories: disk.categories.join(", ") };
      return (
        <div key={disk.path} className="bar-note">
          <IconAlertTriangle size={18} aria-hidden />
          <span className="truncate">{t(disk.categories.length > 0 ? "disk.low" : "disk.lowPlain", values)}</span>
        </div>
      );
    });
}
