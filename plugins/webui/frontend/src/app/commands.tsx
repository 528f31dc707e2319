/** Everything that can be done from anywhere: with the items at hand, with the clients, with the UI; as the user may. */
import { IconBolt, IconChevronRight, IconEye, IconEyeOff, IconGauge, IconLanguage, IconPalette, IconPlus, IconRefresh, IconSettings, IconTextSize } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { openAdd } from "../add/open";
import { getMe, may } from "../api/me";
import type { Instance } from "../api/types";
import { getLanguage, LANGUAGES, setLanguage, t, type Key, type Language } from "../i18n";
import { currentItems } from "../items/current";
import { actionEntries } from "../items/entries";
import { getLive } from "../live/store";
import { getTextSize, getTheme, setTextSize, setTheme, type TextSize, type Theme } from "../prefs/appearance";
import { getPreference, setPreference } from "../prefs/preferences";
import { navigate, pathOf } from "../router/router";
import { Dialog } from "../ui/Dialog";
import { showDialog } from "../ui/dialogs";
import type { Entry } from "../ui/Menu";
import { isThere, VIEWS } from "../views";
import { openUpdate } from "../views/servers/dialogs";
import { sectionsThere } from "../views/settings/sections";
import { refreshShared } from "../views/shared/refresh";
import { openHelp } from "./Help";
import { signOut, signOutEverywhere } from "./session";
import { limitedOf, mayLimit, setLimits, SpeedLimits } from "./SpeedLimits";
import { openChangelog } from "./WhatsNew";

export interface Command {
  id: string;
  text: string;
  icon: ReactNode;
  run: () => void;
}

const SIZE = 16;
const THEMES: [Theme, Key][] = [
  ["system", "user.themeSystem"],
  ["light", "user.themeLight"],
  ["dark", "user.themeDark"],
];
const TEXTS: [TextSize, Key][] = [
  ["normal", "user.textNormal"],
  ["large", "user.textLarge"],
];

/** All of them as things are now, those for the items at hand first. */
export function commands(): Command[] {
  return [...ofItems(), ...ofDownloads(), ...ofViews(), ...ofClients(), ...ofLooks(), ...ofAccount()];
}

/** What the menu of the items has, each with whom it is for; a menu in it gives one for each of its entries. */
function ofItems(): Command[] {
  const items = currentItems();
  const [first] = items;
  if (!first) return [];
  const whom = items.length === 1 ? first.name : t("unit.items", { count: items.length });
  const flat = (entry: Entry, before = ""): Command[] => {
    const text = `${before}${entry.text}`;
    if (entry.entries) return entry.entries.flatMap((each) => flat({ ...each, icon: entry.icon }, `${text}: `));
    return [{ id: `item ${text}`, text: `${text} · ${entry.note ?? whom}`, icon: entry.icon, run: () => entry.onSelect?.() }];
  };
  return actionEntries(items).flatMap((each) => flat(each));
}

function ofDownloads(): Command[] {
  const limits = () =>
    showDialog((close) => (
      <Dialog title={t("limits.title")} onClose={close}>
        <SpeedLimits />
      </Dialog>
    ));
  return [
    ...(may("add_downloads") ? [{ id: "add", text: t("top.add"), icon: <IconPlus size={SIZE} aria-hidden />, run: () => openAdd() }] : []),
    ...(mayLimit() && limitedOf(Object.entries(getLive().instances)).length > 0
      ? [{ id: "limits", text: t("limits.title"), icon: <IconGauge size={SIZE} aria-hidden />, run: limits }]
      : []),
  ];
}

function ofViews(): Command[] {
  const live = getLive();
  const views = VIEWS.filter((each) => isThere(each, live)).map((view) => ({
    id: `view ${view.id}`,
    text: t("palette.goTo", { name: t(view.title) }),
    icon: <view.icon size={SIZE} aria-hidden />,
    run: () => navigate(pathOf(view.id)),
  }));
  const sections = sectionsThere().map((each) => ({
    id: `settings ${each.id}`,
    text: t("palette.settings", { name: t(each.title) }),
    icon: <IconSettings size={SIZE} aria-hidden />,
    run: () => navigate(pathOf("settings", [each.id])),
  }));
  return [...views, ...sections];
}

function ofClients(): Command[] {
  return Object.entries(getLive().instances).flatMap(([id, instance]) => [...(instance.connected ? ofClient(id, instance) : []), showing(id, instance)]);
}

function ofClient(id: string, { name, capabilities, speedLimits }: Instance): Command[] {
  const found: Command[] = [];
  const alternative = capabilities["speedLimits"] ? speedLimits?.alternative : null;
  if (mayLimit() && typeof alternative === "boolean") {
    const text = t(alternative ? "palette.alternativeOff" : "palette.alternativeOn", { name });
    found.push({ id: `${id} limits`, text, icon: <IconBolt size={SIZE} aria-hidden />, run: () => setLimits(id, { alternative: !alternative }) });
  }
  const refresh = <IconRefresh size={SIZE} aria-hidden />;
  if (capabilities["refreshShared"] && may("view_shared")) {
    found.push({ id: `${id} shared`, text: t("palette.refreshShared", { name }), icon: refresh, run: () => refreshShared(id, name) });
  }
  if (capabilities["servers"] && may("view_servers")) {
    found.push({ id: `${id} servers`, text: t("palette.updateServers", { name }), icon: refresh, run: () => openUpdate(id) });
  }
  return found;
}

/** Hide an instance everywhere, or show it again. */
function showing(id: string, { name }: Instance): Command {
  const hidden = getPreference<string[]>("hiddenInstances", []);
  const now = hidden.includes(id);
  return {
    id: `${id} shown`,
    text: t(now ? "palette.show" : "palette.hide", { name }),
    icon: now ? <IconEye size={SIZE} aria-hidden /> : <IconEyeOff size={SIZE} aria-hidden />,
    run: () => setPreference("hiddenInstances", now ? hidden.filter((each) => each !== id) : [...hidden, id]),
  };
}

/** Theme, text size and language: each that is not the one of now. */
function ofLooks(): Command[] {
  const themes = THEMES.filter(([each]) => each !== getTheme()).map(([each, word]) => ({
    id: `theme ${each}`,
    text: t("palette.theme", { name: t(word) }),
    icon: <IconPalette size={SIZE} aria-hidden />,
    run: () => setTheme(each),
  }));
  const texts = TEXTS.filter(([each]) => each !== getTextSize()).map(([each, word]) => ({
    id: `text ${each}`,
    text: t("palette.text", { name: t(word) }),
    icon: <IconTextSize size={SIZE} aria-hidden />,
    run: () => setTextSize(each),
  }));
  const languages = (Object.entries(LANGUAGES) as [Language, string][]).filter(([each]) => each !== getLanguage());
  const spoken = languages.map(([each, name]) => ({
    id: `language ${each}`,
    text: t("palette.language", { name }),
    icon: <IconLanguage size={SIZE} aria-hidden />,
    run: () => void setLanguage(each, true),
  }));
  return [...themes, ...texts, ...spoken];
}

function ofAccount(): Command[] {
  const { authEnabled, authenticated } = getMe();
  const plain = (id: string, text: Key, run: () => void) => ({ id, text: t(text), icon: <IconChevronRight size={SIZE} aria-hidden />, run });
  const out = [plain("sign out", "user.signOut", () => void signOut()), plain("sign out all", "user.signOutAll", () => void signOutEverywhere())];
  const help = [plain("help", "user.shortcuts", openHelp), plain("news", "user.whatsNew", openChangelog)];
  return [...help, ...(authEnabled && authenticated ? out : [])];
}
