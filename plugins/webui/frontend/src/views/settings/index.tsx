/** Settings: one's own account and browser; for admins the clients, users, the daemon and its integrations. */
import { lazy, Suspense, useEffect, useRef, type ComponentType } from "react";
import { t } from "../../i18n";
import { Link } from "../../router/Link";
import { usePlace } from "../../router/router";
import { Skeleton } from "../../ui/Parts";
import "../../ui/forms.css";
import { WithConfig } from "./known";
import { sectionsThere, type Section, type SectionId } from "./sections";
import "./settings.css";

const BODIES: Record<SectionId, ComponentType> = {
  clients: lazy(() => import("./clients")),
  users: lazy(() => import("./users")),
  server: lazy(() => import("./server")),
  integrations: lazy(() => import("./Integrations")),
  account: lazy(() => import("./Account")),
  browser: lazy(() => import("./Browser")),
};

export default function Settings() {
  const [asked] = usePlace().rest;
  const sections = sectionsThere();
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
  const Body = BODIES[section.id];
  const body = (
    <Suspense fallback={<Skeleton lines={6} />}>
      <Body />
    </Suspense>
  );
  return section.admin ? <WithConfig>{body}</WithConfig> : body;
}
