/** Run an action on items: with a guess where that is harmless, a bar where it takes long, and a word at the end. */
import { useEffect, useState } from "react";
import type { Item, ItemRef, ItemResult } from "../api/types";
import { t } from "../i18n";
import { guess, takeBack } from "../live/guess";
import { keyOf } from "../live/state";
import { getLive, patchLive } from "../live/store";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { showDialog } from "../ui/dialogs";
import { Progress as Bar } from "../ui/Parts";
import { openSummary, type Failure } from "../ui/Summary";
import { toast, toastError } from "../ui/toasts";
import { CHUNK, inChunks, type Progress } from "./bulk";

export interface Action {
  /** Its name in words. */
  name: string;
  items: Item[];
  send: (items: ItemRef[]) => Promise<{ results: ItemResult[] }>;
  /** What the items will look like, if that can be said. */
  guess?: Partial<Item>;
  /** Say so when all went well. */
  say?: boolean;
  /** Takes it back exactly; it is offered when all went well. */
  undo?: (() => void) | undefined;
}

const GUESS_MS = 8000;

export async function runAction(action: Action): Promise<void> {
  const keys = action.items.map(keyOf);
  if (action.guess) guessAll(keys, action.guess);
  const progress = action.items.length > CHUNK ? await withBar(action) : await inChunks(action.items, action.send);
  takeBackAll([...progress.failed.map(keyOfResult), ...progress.rest.map(keyOf)]);
  setTimeout(() => takeBackAll(keys), GUESS_MS);
  report(action, progress);
}

function keyOfResult({ instanceId, fileHash }: ItemResult): string {
  return `${instanceId ?? ""}:${fileHash}`;
}

function guessAll(keys: string[], fields: Partial<Item>): void {
  const { items, revision } = getLive();
  for (const key of keys) guess(items, key, fields);
  patchLive({ revision: revision + 1 });
}

function takeBackAll(keys: string[]): void {
  const { items, revision } = getLive();
  if (keys.filter((key) => takeBack(items, key)).length > 0) patchLive({ revision: revision + 1 });
}

/** One item that failed is one sentence; of many, each has its own in a summary. */
function report(action: Action, { failed, done, count, rest, broken }: Progress): void {
  const { name, items, undo } = action;
  const [first] = items;
  if (broken && done === 0) toastError(broken);
  else if (count === 1 && failed[0]) toastError(new Error(failed[0].error ?? ""), t("bulk.failedOne", { action: name }));
  else if (failed.length > 0 || broken) {
    openSummary({
      name,
      done: done - failed.length,
      failed: named(failed, items),
      untried: rest.length,
      broken: broken?.message,
      onRest: () => void runAction({ ...action, items: rest, undo: undefined }),
    });
  } else if (rest.length > 0) toast(t("bulk.stopped", { done, count }));
  else if (first && (action.say || undo)) {
    toast(count === 1 ? `${name}: ${first.name}` : t("bulk.done", { action: name, count }), undo);
  }
}

function named(failed: ItemResult[], items: Item[]): Failure[] {
  const names = new Map(items.map((each) => [keyOf(each), each.name]));
  return failed.map((each) => ({ name: names.get(keyOfResult(each)) ?? each.fileHash, error: each.error ?? "" }));
}

/** The same with a bar and a button that stops it. */
function withBar(action: Action): Promise<Progress> {
  return new Promise((resolve) => {
    showDialog((close) => (
      <Running
        action={action}
        onEnd={(progress) => {
          close();
          resolve(progress);
        }}
      />
    ));
  });
}

interface RunningProps {
  action: Action;
  onEnd: (progress: Progress) => void;
}

function Running({ action, onEnd }: RunningProps) {
  const [done, setDone] = useState(0);
  const [stop] = useState(() => new AbortController());
  useEffect(() => {
    void inChunks(action.items, action.send, (progress) => setDone(progress.done), stop.signal).then(onEnd);
    // it runs once, whatever is drawn
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const count = action.items.length;
  return (
    <Dialog
      title={action.name}
      onClose={() => stop.abort()}
      foot={<Button onClick={() => stop.abort()}>{t("action.stop")}</Button>}
    >
      <p>{t("bulk.progress", { done, count })}</p>
      <Bar value={(done / count) * 100} label={action.name} />
    </Dialog>
  );
}
