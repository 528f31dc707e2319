/** What this is: version, day of its release, whether there is a newer one, and where to read on. */
import { call } from "../api/client";
import { useAsked } from "../api/useAsked";
import { day } from "../format/time";
import { t } from "../i18n";
import { inBase } from "../router/base";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Loaded } from "../ui/Loaded";
import { Facts } from "../ui/Parts";
import type { Version } from "./version";
import { showChangelog } from "./WhatsNew";

export default function About({ onClose }: { onClose: () => void }) {
  const asked = useAsked("version", (signal) => call("get", "/api/version", { signal }));
  return (
    <Dialog title={t("about.title")} onClose={onClose}>
      <Loaded asked={asked} lines={3}>
        {(version) => <Told version={version} />}
      </Loaded>
    </Dialog>
  );
}

function Told({ version }: { version: Version }) {
  const { latestVersion, releaseUrl } = version;
  return (
    <div className="stack">
      <Facts
        facts={[
          [t("about.version"), version.version],
          [t("about.released"), version.releaseDate ? day(version.releaseDate) : t("about.unreleased")],
          [t("about.latest"), latestVersion ?? t("about.notAsked")],
        ]}
      />
      {version.updateAvailable && <p className="notice">{t("about.newer", { version: latestVersion ?? "" })}</p>}
      <div className="row wrap">
        <Button onClick={() => showChangelog(version)}>{t("user.whatsNew")}</Button>
        <a className="btn" href={inBase("/api/docs")}>
          {t("user.apiGuide")}
        </a>
        {releaseUrl && (
          <a className="btn" href={releaseUrl} target="_blank" rel="noreferrer">
            {t("about.releasePage")}
          </a>
        )}
      </div>
    </div>
  );
}
