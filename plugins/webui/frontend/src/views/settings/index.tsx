/** Settings: one's own account and browser; for admins the clients, users, the daemon and its integrations. */
import { lazy, Suspense, useEffect, useRef, type ComponentType } from "react";
import { may } from "../../api/me";
import { t, type Key } from "../../i18n";
import { Link } from "../../router/Link";
import { usePlace } from "../../router/router";
import { Skeleton } from "../../ui/Parts";
import "../../ui/forms.css";
import { WithConfig } from "./known";
import "./settings.css";

interface Section {
  id: string;
  title: Key;
  /** It is about the daemon, not about oneself. */
  admin: boolean;
  Body: ComponentType;
}

const SECTIONS: Section[] = [
  { id: "clients", title: "settings.clients", admin: true, Body: lazy(() => import("./clients")) },
  { id: "users", title: "settings.users", admin: true, Body: lazy(() => import("./users")) },
  { id: "server", title: "settings.server", admin: true, Body: lazy(() => import("./server")) },
  { id: "integrations", title: "settings.integrations", admin: true, Body: lazy(() => import("./Integrations")) },
  { id: "account", title: "settings.account", admin: false, Body: lazy(() => import("./Account")) },
  { id: "browser", title: "settings.browser", admin: false, Body: lazy(() => import("./Browser")) },
];

export default function Settings() {
  const [asked] = usePlace().rest;
  const sections = SECTIONS.filter((each) => !each.admin || may("admin"));
  const section = sections.find((each) => each.id === asked) ?? sections[0];
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [section]);
  return (
    <div className="settings">
      <nav ref={nav} className="settings-nav" aria-label={t("nav.settings")}>
        {sections.map((each) => (
          <Link key={each.id} to={`/settings/${each.id}`} aria-current={each === section ? "page" : undefined}>
            {t(each.title)}
          </Link>
        ))}
      </nav>
      <div className="settings-body">{section && <Shown key={section.id} section={section} />}</div>
    </div>
  );
}

function Shown({ section }: { section: Section }) {
  const body = (
    <Suspense fallback={<Skeleton lines={6} />}>
      <section.Body />
    </Suspense>
  );
  return section.admin ? <WithConfig>{body}</WithConfig> : body;
}
