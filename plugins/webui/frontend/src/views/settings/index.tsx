/** Settings: one's own account and browser; for admins the clients, users, the daemon and its integrations. */
import { useEffect, useRef, type ComponentType } from "react";
import { may } from "../../api/me";
import { t, type Key } from "../../i18n";
import { Link } from "../../router/Link";
import { usePlace } from "../../router/router";
import "../../ui/forms.css";
import { later } from "../../ui/later";
import { Skeleton } from "../../ui/Parts";
import { WithConfig } from "./known";
import "./settings.css";

interface Section {
  id: string;
  title: Key;
  /** It is about the daemon, not about oneself. */
  admin: boolean;
  Body: ComponentType;
}

const part = (load: () => Promise<{ default: ComponentType }>) => later(load, <Skeleton lines={6} />);

const SECTIONS: Section[] = [
  { id: "clients", title: "settings.clients", admin: true, Body: part(() => import("./clients")) },
  { id: "users", title: "settings.users", admin: true, Body: part(() => import("./users")) },
  { id: "server", title: "settings.server", admin: true, Body: part(() => import("./server")) },
  { id: "integrations", title: "settings.integrations", admin: true, Body: part(() => import("./Integrations")) },
  { id: "account", title: "settings.account", admin: false, Body: part(() => import("./Account")) },
  { id: "browser", title: "settings.browser", admin: false, Body: part(() => import("./Browser")) },
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
  const body = <section.Body />;
  return section.admin ? <WithConfig>{body}</WithConfig> : body;
}
