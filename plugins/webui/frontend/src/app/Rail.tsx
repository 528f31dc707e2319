/** The navigation at the left edge: icons and words, or icons alone. */
import { IconChevronsLeft, IconChevronsRight } from "@tabler/icons-react";
import { t } from "../i18n";
import { useLive } from "../live/store";
import { usePreference } from "../prefs/preferences";
import { inBase } from "../router/base";
import { Link } from "../router/Link";
import { pathOf, usePlace } from "../router/router";
import { Tip } from "../ui/Tip";
import { NOT_DESKTOP, useMedia } from "../ui/useMedia";
import { isThere, VIEWS, type View } from "../views";

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
  const Shape = view.icon;
  const link = (
    <Link to={pathOf(view.id)} className="rail-link" aria-current={here ? "page" : undefined}>
      <Shape size={20} aria-hidden />
      <span className={narrow ? "sr-only" : "rail-text"}>{t(view.title)}</span>
    </Link>
  );
  return narrow ? (
    <Tip text={t(view.title)} side="right">
      {link}
    </Tip>
  ) : (
    link
  );
}
