/** All views, in the order of the navigation. A view is a folder here, and one entry in this list. */
import {
  IconArrowUp,
  IconCategory,
  IconChartAreaLine,
  IconDownload,
  IconFileText,
  IconFolderShare,
  IconHistory,
  IconHome,
  IconPuzzle,
  IconRobot,
  IconSearch,
  IconServer2,
  IconSettings,
  type Icon,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { may } from "../api/me";
import type { Permission } from "../api/types";
import type { Key } from "../i18n";
import type { LiveState } from "../live/state";

export interface View {
  /** The first word of its path; `amutorrent_webui/views.py` names the same ones. */
  id: string;
  title: Key;
  icon: Icon;
  /** `g`, then this letter, goes there. */
  letter: string;
  /** Below the line of the navigation. */
  aside?: boolean;
  needs?: Permission | "admin";
  /** It is there if any instance can do one of these. */
  capability?: string | string[];
  /** It has a list that the box in the top bar filters: by `q` of the query. */
  filtered?: boolean;
  /** A sign at its place in the navigation, and what it says. */
  warning?: { text: Key; when: (live: LiveState) => boolean };
  load: () => Promise<{ default: ComponentType }>;
}

export const VIEWS: View[] = [
  { id: "home", title: "nav.home", icon: IconHome, letter: "h", load: () => import("./home") },
  {
    id: "downloads",
    title: "nav.downloads",
    icon: IconDownload,
    letter: "d",
    filtered: true,
    load: () => import("./downloads"),
  },
  {
    id: "shared",
    title: "nav.shared",
    icon: IconFolderShare,
    letter: "s",
    needs: "view_shared",
    capability: "sharedFiles",
    filtered: true,
    load: () => import("./shared"),
  },
  {
    id: "uploads",
    title: "nav.uploads",
    icon: IconArrowUp,
    letter: "u",
    needs: "view_uploads",
    filtered: true,
    load: () => import("./uploads"),
  },
  {
    id: "search",
    title: "nav.search",
    icon: IconSearch,
    letter: "f",
    needs: "search",
    capability: ["search"],
    filtered: true,
    load: () => import("./search"),
  },
  {
    id: "history",
    title: "nav.history",
    icon: IconHistory,
    letter: "i",
    needs: "view_history",
    filtered: true,
    load: () => import("./history"),
  },
  {
    id: "statistics",
    title: "nav.statistics",
    icon: IconChartAreaLine,
    letter: "t",
    needs: "view_statistics",
    load: () => import("./statistics"),
  },
  {
    id: "categories",
    title: "nav.categories",
    icon: IconCategory,
    letter: "c",
    needs: "manage_categories",
    warning: { text: "nav.pathWarning", when: (live) => live.hasPathWarnings },
    load: () => import("./categories"),
  },
  {
    id: "servers",
    title: "nav.servers",
    icon: IconServer2,
    letter: "e",
    needs: "view_servers",
    capability: ["servers", "kad"],
    filtered: true,
    load: () => import("./servers"),
  },
  {
    id: "logs",
    title: "nav.logs",
    icon: IconFileText,
    letter: "l",
    needs: "view_logs",
    filtered: true,
    load: () => import("./logs"),
  },
  { id: "arr", title: "nav.arr", icon: IconRobot, letter: "r", aside: true, needs: "admin", load: () => import("./arr") },
  { id: "plugins", title: "nav.plugins", icon: IconPuzzle, letter: "p", aside: true, load: () => import("./plugins") },
  {
    id: "settings",
    title: "nav.settings",
    icon: IconSettings,
    letter: ",",
    aside: true,
    warning: { text: "nav.clientWarning", when: clientIsAway },
    load: () => import("./settings"),
  },
];

/** Those who can do something about it are told. */
function clientIsAway(live: LiveState): boolean {
  return may("admin") && Object.values(live.instances).some((each) => each.state === "waiting" || each.state === "rejected");
}

/** Whether the user may see a view, and there is something to see in it. */
export function isThere(view: View, live: LiveState): boolean {
  if (view.needs && !may(view.needs)) return false;
  const { capability } = view;
  return !capability || Object.values(live.instances).some((each) => [capability].flat().some((can) => each.capabilities[can] === true));
}
