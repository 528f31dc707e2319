/** The navigation of phones: four places, and a sheet with the others. */
import { IconDots, IconInfoCircle, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { openAdd } from "../add/open";
import { may } from "../api/me";
import { t } from "../i18n";
import { useHiddenInstances } from "../live/hooks";
import type { LiveState } from "../live/state";
import { useLive } from "../live/store";
import { Link } from "../router/Link";
import { pathOf, usePlace } from "../router/router";
import { Sheet } from "../ui/Dialog";
import type { View } from "../views";
import { InstanceSwitches } from "./InstanceSwitches";
import { openAbout } from "./openAbout";
import { Sign, useViews, useWarning } from "./Rail";
import { useVersion } from "./version";

const MAIN = ["home", "downloads", "search"];

export function BottomBar() {
  const [more, setMore] = useState(false);
  const newer = useVersion()?.updateAvailable === true;
  const views = useViews();
  const main = views.filter((each) => MAIN.includes(each.id));
  const others = views.filter((each) => !MAIN.includes(each.id));
  return (
    <nav className="bottom-bar" aria-label={t("nav.label")}>
      {main.map((each) => (
        <BottomLink key={each.id} view={each} />
      ))}
      {may("add_downloads") && (
        <button type="button" className="bottom-link" onClick={() => openAdd()}>
          <IconPlus size={22} aria-hidden />
          {t("top.add")}
        </button>
      )}
      <button type="button" className="bottom-link" aria-haspopup="dialog" onClick={() => setMore(true)}>
        <IconDots size={22} aria-hidden />
        {t("nav.more")}
      </button>
      {more && (
        <Sheet title={t("nav.more")} onClose={() => setMore(false)}>
          <ul className="more-list">
            {others.map((each) => (
              <li key={each.id}>
                <MoreLink view={each} onClick={() => setMore(false)} />
              </li>
            ))}
            <li>
              <button type="button" onClick={openAbout}>
                <IconInfoCircle size={20} aria-hidden />
                {t("about.title")}
                {newer && <span className="rail-sign badge update">{t("about.update")}</span>}
              </button>
            </li>
          </ul>
          <InstanceSwitches />
        </Sheet>
      )}
    </nav>
  );
}

function MoreLink({ view, onClick }: { view: View; onClick: () => void }) {
  const warning = useWarning(view);
  return (
    <Link to={pathOf(view.id)} onClick={onClick}>
      <view.icon size={20} aria-hidden />
      {t(view.title)}
      {warning && <Sign text={warning} />}
    </Link>
  );
}

function BottomLink({ view }: { view: View }) {
  const here = usePlace().view === view.id;
  return (
    <Link to={pathOf(view.id)} className="bottom-link" aria-current={here ? "page" : undefined}>
      <view.icon size={22} aria-hidden />
      {t(view.title)}
      {view.id === "downloads" && <ActiveCount />}
    </Link>
  );
}

const MOST = 999;

/** How many downloads are under way. */
function ActiveCount() {
  const [hidden] = useHiddenInstances();
  const active = useLive((live) => countActive(live, hidden));
  if (active === 0) return null;
  return (
    <>
      <span className="bottom-badge number" aria-hidden>
        {active > MOST ? `${String(MOST)}+` : active}
      </span>
      <span className="sr-only">{t("nav.active", { count: active })}</span>
    </>
  );
}

function countActive(live: LiveState, hidden: string[]): number {
  let found = 0;
  for (const each of live.items.values()) {
    if (each.status === "active" && !each.complete && !each.stale && !hidden.includes(each.instanceId)) found += 1;
  }
  return found;
}
