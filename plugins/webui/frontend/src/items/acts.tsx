/** Do something with items, or open the dialog that asks what exactly. */
import type { ComponentType } from "react";
import { call } from "../api/client";
import type { Item, Schemas } from "../api/types";
import { t } from "../i18n";
import { showDialog } from "../ui/dialogs";
import { openLater } from "../ui/later";
import type { ActionId } from "./abilities";
import { runAction } from "./run";

export type Priority = Schemas["PriorityRequest"]["priority"];

export const PRIORITIES: Priority[] = ["auto", "veryHigh", "high", "normal", "low", "veryLow", "off"];

export interface ItemsDialogProps {
  items: Item[];
  onClose: () => void;
}

type Load = () => Promise<{ default: ComponentType<ItemsDialogProps> }>;

function dialog(load: Load): (items: Item[]) => void {
  return (items) => openLater(load, ({ default: Body }) => showDialog((close) => <Body items={items} onClose={close} />));
}

function pause(items: Item[]): void {
  void runAction({
    name: t("act.pause"),
    items,
    guess: { status: "paused", downloadSpeed: 0, uploadSpeed: 0 },
    send: (refs) => call("post", "/api/v1/downloads/pause", { body: { items: refs } }),
  });
}

function resume(items: Item[]): void {
  void runAction({
    name: t("act.resume"),
    items,
    guess: { status: items.every((each) => each.complete) ? "seeding" : "active" },
    send: (refs) => call("post", "/api/v1/downloads/resume", { body: { items: refs } }),
  });
}

function stop(items: Item[]): void {
  void runAction({
    name: t("act.stop"),
    items,
    guess: { status: "stopped", downloadSpeed: 0, uploadSpeed: 0 },
    send: (refs) => call("post", "/api/v1/downloads/stop", { body: { items: refs } }),
  });
}

export function setPriority(items: Item[], priority: Priority): void {
  void runAction({
    name: t("act.priority"),
    items,
    say: true,
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
  pause,
  resume,
  stop,
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
