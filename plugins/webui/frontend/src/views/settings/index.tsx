/** Settings: one's own account and browser; for admins the clients, users, the daemon and its integrations. */
import { useEffect, useRef, type ComponentType } from "react";
import { t } from "../../i18n";
import { Link } from "../../router/Link";
import { usePlace } from "../../router/router";
import "../../ui/forms.css";
import { later } from "../../ui/later";
import { Skeleton } from "../../ui/Parts";
import { WithConfig } from "./known";
import { sectionsThere, type Section, type SectionId } from "./sections";
import "./settings.css";

const part = (load: () => Promise<{ default: ComponentType }>) => later(load, <Skeleton lines={6} />);

const BODIES: Record<SectionId, ComponentType> = {
  clients: part(() => import("./clients")),
  users: part(() => import("./users")),
  server: part(() => import("./server")),
  integrations: part(() => import("./Integrations")),
  account: part(() => import("./Account")),
  browser: part(() => import("./Browser")),
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
  const body = <Body />;
  return section.admin ? <WithConfig>{body}</WithConfig> : body;
}
