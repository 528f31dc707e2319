/** The navigation at the left edge: icons and words, or icons alone. */
import { IconAlertTriangle, IconChevronsLeft, IconChevronsRight, IconInfoCircle } from "@tabler/icons-react";
import { t } from "../i18n";
import { useLive } from "../live/store";
import { usePreference } from "../prefs/preferences";
import { inBase } from "../router/base";
import { Link } from "../router/Link";
import { pathOf, usePlace } from "../router/router";
import { Tip } from "../ui/Tip";
import { NOT_DESKTOP, useMedia } from "../ui/useMedia";
import { isThere, VIEWS, type View } from "../views";
import { openAbout } from "./openAbout";
import { useVersion } from "./version";

/** The views that are there for this user, as long as nothing about it changes. */
export function useViews(): View[] {
  const ids = useLive((live) =>
    VIEWS.filter((each) => isThere(each, live))
      .map((each) => each.id)
      .join(" "),
  ).split(" ");
  return VIEWS.filter((each) => ids.includes(each.id));
}

export function Rail() {
  const [collapsed, setCollapsed] = usePreference("railCollapsed", false);
  const narrow = useMedia(NOT_DESKTOP) || collapsed;
  const views = useViews();
  const Fold = collapsed ? IconChevronsRight : IconChevronsLeft;
  const word = collapsed ? t("nav.expand") : t("nav.collapse");
  return (
    <nav className={narrow ? "rail narrow" : "rail"} aria-label={t("nav.label")}>
      <div className="rail-head">
        <img src={inBase("/ui/icon.svg")} alt="" />
        <span className="rail-text">aMuTorrent</span>
      </div>
      {views.filter((each) => !each.aside).map((each) => <RailLink key={each.id} view={each} narrow={narrow} />)}
      {views.some((each) => each.aside) && <div className="rail-line" />}
      {views.filter((each) => each.aside).map((each) => <RailLink key={each.id} view={each} narrow={narrow} />)}
      <AboutLink narrow={narrow} />
      <button
        type="button"
        className="rail-link collapse"
        aria-label={word}
        aria-expanded={!collapsed}
        onClick={() => setCollapsed(!collapsed)}
      >
        <Fold size={20} aria-hidden />
      </button>
    </nav>
  );
}

function RailLink({ view, narrow }: { view: View; narrow: boolean }) {
  const here = usePlace().view === view.id;
  const warning = useWarning(view);
  const Shape = view.icon;
  const link = (
    <Link to={pathOf(view.id)} className="rail-link" aria-current={here ? "page" : undefined}>
      <Shape size={20} aria-hidden />
      <span className={narrow ? "sr-only" : "rail-text"}>{t(view.title)}</span>
      {warning && <Sign text={warning} />}
    </Link>
  );
  const tip = narrow ? [t(view.title), warning] : [warning];
  const words = tip.filter(Boolean).join("\n");
  return words ? (
    <Tip text={words} side="right">
      {link}
    </Tip>
  ) : (
    link
  );
}

/** What a view warns of, if it does. */
export function useWarning({ warning }: View): string | null {
  const on = useLive((live) => warning?.when(live) === true);
  return warning && on ? t(warning.text) : null;
}

/** At the end of an entry of the navigation; on its icon where that is all there is. */
export function Sign({ text }: { text: string }) {
  return (
    <span className="rail-sign tone-amber">
      <IconAlertTriangle size={16} aria-hidden />
      <span className="sr-only">{text}</span>
    </span>
  );
}

function AboutLink({ narrow }: { narrow: boolean }) {
  const version = useVersion();
  if (!version) return null;
  const newer = version.updateAvailable ? t("about.newer", { version: version.latestVersion ?? "" }) : null;
  const name = `${t("about.title")}: ${version.version}`;
  return (
    <Tip text={[narrow && name, newer].filter(Boolean).join("\n") || t("about.title")} side="right">
      <button type="button" className="rail-link about" aria-label={[name, newer].filter(Boolean).join(". ")} onClick={openAbout}>
        <IconInfoCircle size={20} aria-hidden />
        <span className="rail-text">{version.version}</span>
        {newer && <span className="rail-sign badge update">{narrow ? "" : t("about.update")}</span>}
      </button>
    </Tip>
  );
}
