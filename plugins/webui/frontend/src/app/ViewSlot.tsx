/** The view of the address: its code is loaded when it is first opened; if it breaks, the frame stays. */
import { Component, createElement, type ComponentType, type ReactNode } from "react";
import { IconMoodEmpty } from "@tabler/icons-react";
import { may } from "../api/me";
import { t, type Key } from "../i18n";
import { useLive } from "../live/store";
import { Link } from "../router/Link";
import { Button } from "../ui/Button";
import { later } from "../ui/later";
import { Empty, Skeleton } from "../ui/Parts";
import { isThere, VIEWS, type View } from "../views";

const WAITING = (
  <div className="page">
    <Skeleton lines={6} />
  </div>
);
const BODIES = new Map<string, ComponentType>(VIEWS.map((view) => [view.id, later(view.load, WAITING)]));

export function ViewSlot({ view }: { view: View | undefined }) {
  const there = useLive((live) => view !== undefined && (!live.loaded || isThere(view, live)));
  if (!view || !there) {
    return (
      <Empty icon={<IconMoodEmpty size={40} aria-hidden />} title={t(reasonOf(view))}>
        <Link to="/">{t("nav.home")}</Link>
      </Empty>
    );
  }
  return <Guard key={view.id}>{bodyOf(view)}</Guard>;
}

function reasonOf(view: View | undefined): Key {
  if (!view) return "view.notFound";
  return view.needs && !may(view.needs) ? "view.forbidden" : "view.unavailable";
}

function bodyOf(view: View): ReactNode {
  const Body = BODIES.get(view.id);
  return Body ? createElement(Body) : null;
}

/** React has no other way to catch what breaks while it draws. */
class Guard extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Empty icon={<IconMoodEmpty size={40} aria-hidden />} title={t("error.view")}>
        <p className="mono small">{this.state.error.message}</p>
        <Button onClick={() => location.reload()}>{t("action.retry")}</Button>
      </Empty>
    );
  }
}
