/** Do something with items, or open the dialog that asks what exactly. */
import type { ComponentType } from "react";
import { call } from "../api/client";
import type { Item } from "../api/types";
import { t } from "../i18n";
import { getLive } from "../live/store";
import { showDialog } from "../ui/dialogs";
import { openLater } from "../ui/later";
import type { ActionId } from "./abilities";
import { runAction } from "./run";
import { byPriority, wayBack, type Priority, type Rest } from "./undo";

export const PRIORITIES: Priority[] = ["auto", "veryHigh", "high", "normal", "low", "veryLow", "off"];

export interface ItemsDialogProps {
  items: Item[];
  onClose: () => void;
}

type Load = () => Promise<{ default: ComponentType<ItemsDialogProps> }>;

function dialog(load: Load): (items: Item[]) => void {
  return (items) => openLater(load, ({ default: Body }) => showDialog((close) => <Body items={items} onClose={close} />));
}

/** What an item looks like once it rests or runs. */
const AT_REST = { downloadSpeed: 0, uploadSpeed: 0 };
const GUESSES: Record<Rest, (items: Item[]) => Partial<Item>> = {
  pause: () => ({ status: "paused", ...AT_REST }),
  resume: (items) => ({ status: items.every((each) => each.complete) ? "seeding" : "active" }),
  stop: () => ({ status: "stopped", ...AT_REST }),
};

function rest(id: Rest, items: Item[], undo?: () => void): void {
  void runAction({
    name: t(`act.${id}`),
    items,
    guess: GUESSES[id](items),
    undo,
    send: (refs) => call("post", `/api/v1/downloads/${id}`, { body: { items: refs } }),
  });
}

/** Pause, resume or stop, with the way back if there is one. */
function restWithUndo(id: Rest): (items: Item[]) => void {
  return (items) => {
    const steps = wayBack(id, items, getLive().instances);
    rest(id, items, steps ? () => steps.forEach((each) => rest(each.act, each.items)) : undefined);
  };
}

export function setPriority(items: Item[], priority: Priority): void {
  const before = byPriority(items);
  prioritise(items, priority, before ? () => before.forEach(([had, of]) => prioritise(of, had)) : undefined);
}

function prioritise(items: Item[], priority: Priority, undo?: () => void): void {
  void runAction({
    name: t("act.priority"),
    items,
    say: true,
    undo,
    send: (refs) => call("post", "/api/v1/downloads/priority", { body: { items: refs, priority } }),
  });
}

function recheck(items: Item[]): void {
  void runAction({
    name: t("act.recheck"),
    items,
    say: true,
    send: (refs) => call("post", "/api/v1/downloads/recheck", { body: { items: refs } }),
  });
}

function reannounce(items: Item[]): void {
  void runAction({
    name: t("act.reannounce"),
    items,
    say: true,
    send: (refs) => call("post", "/api/v1/downloads/reannounce", { body: { items: refs } }),
  });
}

const ACTS: Record<Exclude<ActionId, "priority">, (items: Item[]) => void> = {
  pause: restWithUndo("pause"),
  resume: restWithUndo("resume"),
  stop: restWithUndo("stop"),
  recheck,
  reannounce,
  category: dialog(() => import("./dialogs/CategoryDialog")),
  tags: dialog(() => import("./dialogs/TagsDialog")),
  move: dialog(() => import("./dialogs/MoveDialog")),
  rename: dialog(() => import("./dialogs/RenameDialog")),
  rating: dialog(() => import("./dialogs/RatingDialog")),
  delete: dialog(() => import("./dialogs/DeleteDialog")),
};

export function act(id: Exclude<ActionId, "priority">, items: Item[]): void {
  ACTS[id](items);
}
