/** The actions of items as entries of a menu and buttons of a bar: both come from here. */
import {
  IconArrowsExchange,
  IconCategory,
  IconCopy,
  IconListDetails,
  IconFlag,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
  IconSquareCheck,
  IconStar,
  IconTag,
  IconTrash,
  IconWorld,
  type Icon,
} from "@tabler/icons-react";
import type { Item } from "../api/types";
import { t } from "../i18n";
import { getLive } from "../live/store";
import { copyText } from "../ui/copy";
import type { Entry } from "../ui/Menu";
import { ableTo, type ActionId } from "./abilities";
import { act, PRIORITIES, setPriority } from "./acts";

const ICONS: Record<ActionId, Icon> = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  stop: IconPlayerStop,
  category: IconCategory,
  tags: IconTag,
  move: IconArrowsExchange,
  priority: IconFlag,
  recheck: IconRefresh,
  reannounce: IconWorld,
  rename: IconPencil,
  rating: IconStar,
  delete: IconTrash,
};

const ORDER: ActionId[] = [
  "resume",
  "pause",
  "stop",
  "category",
  "tags",
  "priority",
  "move",
  "rename",
  "rating",
  "recheck",
  "reannounce",
  "delete",
];
const SIZE = 16;

/** The items of these keys that are there. */
export function itemsOf(keys: string[]): Item[] {
  const { items } = getLive();
  return keys.flatMap((key) => items.get(key) ?? []);
}

/** What can be done with some items. With "12 of 15" where it is not all of them. */
export function actionEntries(items: Item[]): Entry[] {
  const { instances } = getLive();
  const entries = ORDER.flatMap((id): Entry[] => {
    const able = ableTo(id, items, instances);
    if (able.length === 0) return [];
    const Shape = ICONS[id];
    const note = able.length < items.length ? t("bulk.some", { can: able.length, count: items.length }) : undefined;
    const entry = { id, text: t(`act.${id}`), icon: <Shape size={SIZE} aria-hidden />, note };
    if (id === "priority") return [{ ...entry, entries: priorities(able) }];
    return [{ ...entry, danger: id === "delete", line: id === "delete", onSelect: () => act(id, able) }];
  });
  const links = items.flatMap((each) => each.ed2kLink ?? each.magnetLink ?? []);
  if (links.length === 0) return entries;
  const copy: Entry = {
    id: "copy",
    text: t("act.copyLink", { count: links.length }),
    icon: <IconCopy size={SIZE} aria-hidden />,
    line: true,
    onSelect: () => void copyText(links.join("\n")),
  };
  return [...entries.filter((each) => each.id !== "delete"), copy, ...entries.filter((each) => each.id === "delete")];
}

function priorities(items: Item[]): Entry[] {
  return PRIORITIES.map((priority) => ({
    id: priority,
    text: t(`priority.${priority}`),
    onSelect: () => setPriority(items, priority),
  }));
}

/** With entries before that open the details and select: the latter is how a finger selects. */
export function entriesWithDetails(items: Item[], open: (item: Item) => void, select: (item: Item) => void): Entry[] {
  const [first] = items;
  if (items.length !== 1 || !first) return actionEntries(items);
  const details = { id: "open", text: t("act.open"), icon: <IconListDetails size={SIZE} aria-hidden />, onSelect: () => open(first) };
  const pick = { id: "select", text: t("act.select"), icon: <IconSquareCheck size={SIZE} aria-hidden />, onSelect: () => select(first) };
  return [details, pick, ...actionEntries(items)];
}
