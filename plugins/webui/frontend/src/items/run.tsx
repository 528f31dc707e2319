/** Run an action on items: with a guess where that is harmless, a bar where it takes long, and a word at the end. */
import { useEffect, useState } from "react";
import type { Item, ItemRef, ItemResult } from "../api/types";
import { count as number } from "../format/units";
import { t } from "../i18n";
import { guess, takeBack } from "../live/guess";
import { keyOf } from "../live/state";
import { getLive, patchLive } from "../live/store";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { showDialog } from "../ui/dialogs";
import { Progress as Bar } from "../ui/Parts";
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
  undo?: () => void;
}

const GUESS_MS = 8000;

export async function runAction(action: Action): Promise<void> {
  const keys = action.items.map(keyOf);
  if (action.guess) guessAll(keys, action.guess);
  try {
    const progress = action.items.length > CHUNK ? await withBar(action) : await inChunks(action.items, action.send);
    takeBackAll(progress.failed.map((each) => `${each.instanceId ?? ""}:${each.fileHash}`));
    setTimeout(() => takeBackAll(keys), GUESS_MS);
    report(action, progress);
  } catch (error) {
    takeBackAll(keys);
    toastError(error);
  }
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

function report({ name, items, say, undo }: Action, { failed, done, count }: Progress): void {
  if (failed.length > 0) {
    const reasons = new Map<string, number>();
    for (const { error } of failed) reasons.set(error ?? "", (reasons.get(error ?? "") ?? 0) + 1);
    const lines = [...reasons].map(([reason, times]) => (times > 1 ? `${reason} (${number(times)})` : reason));
    toastError(new Error(lines.join("\n")), `${name}: ${t("bulk.failed", { count: failed.length })}`);
  } else if (done < count) toast(t("bulk.stopped", { done, count }));
  else if (say) toast(t("bulk.done", { action: name, count: items.length }), undo);
}

/** The same with a bar and a button that stops it. */
function withBar(action: Action): Promise<Progress> {
  return new Promise((resolve, reject) => {
    showDialog((close) => (
      <Running
        action={action}
        onEnd={(progress) => {
          close();
          resolve(progress);
        }}
        onError={(error) => {
          close();
          reject(error instanceof Error ? error : new Error(String(error)));
        }}
      />
    ));
  });
}

interface RunningProps {
  action: Action;
  onEnd: (progress: Progress) => void;
  onError: (error: unknown) => void;
}

function Running({ action, onEnd, onError }: RunningProps) {
  const [progress, setProgress] = useState<Progress>({ done: 0, count: action.items.length, failed: [] });
  const [stop] = useState(() => new AbortController());
  useEffect(() => {
    inChunks(action.items, action.send, setProgress, stop.signal).then(onEnd, onError);
    // it runs once, whatever is drawn
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const { done, count } = progress;
  return (
    <Dialog
      title={action.name}
      onClose={() => stop.abort()}
      foot={<Button onClick={() => stop.abort()}>{t("action.stop")}</Button>}
    >
      <p aria-live="polite">{t("bulk.progress", { done, count })}</p>
      <Bar value={(done / count) * 100} label={action.name} />
    </Dialog>
  );
}
