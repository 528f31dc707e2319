/** The sections of the settings, in their order. */
import { may } from "../../api/me";
import type { Key } from "../../i18n";

export type SectionId = "clients" | "users" | "server" | "integrations" | "account" | "browser";

export interface Section {
  id: SectionId;
  title: Key;
  /** It is about the daemon, not about oneself. */
  admin: boolean;
}

const SECTIONS: Section[] = [
  { id: "clients", title: "settings.clients", admin: true },
  { id: "users", title: "settings.users", admin: true },
  { id: "server", title: "settings.server", admin: true },
  { id: "integrations", title: "settings.integrations", admin: true },
  { id: "account", title: "settings.account", admin: false },
  { id: "browser", title: "settings.browser", admin: false },
];

/** Those that the user may see. */
export function sectionsThere(): Section[] {
  return SECTIONS.filter((each) => !each.admin || may("admin"));
}
