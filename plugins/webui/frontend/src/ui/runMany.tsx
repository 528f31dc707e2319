/** Do the same for many things, one after the other: with a bar that can be stopped where it takes long. */
import { useEffect, useState } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { showDialog } from "./dialogs";
import { Progress } from "./Parts";
import { openSummary, type Failure } from "./Summary";
import { toast, toastError } from "./toasts";

interface Many<T> {
  /** Its name in words. */
  name: string;
  things: T[];
  nameOf: (thing: T) => string;
  /** Throws for one that fails; the others go on. */
  each: (thing: T) => Promise<unknown>;
}

interface Done {
  done: number;
  failed: Failure[];
}

const WITHOUT_BAR = 10;

/** Run it to its end, and say how it went. */
export async function runMany<T>(many: Many<T>): Promise<void> {
  const { done, failed } = many.things.length > WITHOUT_BAR ? await withBar(many) : await oneByOne(many);
  const [first] = failed;
  if (first && many.things.length === 1) toastError(new Error(first.error), t("bulk.failedOne", { action: many.name }));
  else if (first) {
    openSummary({ name: many.name, done: done - failed.length, failed, untried: 0 });
  } else if (done < many.things.length) toast(t("bulk.stopped", { done, count: many.things.length }));
  else toast(t("bulk.done", { action: many.name, count: done }));
}

async function oneByOne<T>(
  { things, nameOf, each }: Many<T>,
  onProgress: (done: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Done> {
  const failed: Failure[] = [];
  let done = 0;
  for (const thing of things) {
    if (signal?.aborted) break;
    try {
      await each(thing);
    } catch (error) {
      failed.push({ name: nameOf(thing), error: error instanceof Error ? error.message : String(error) });
    }
    onProgress(++done);
  }
  return { done, failed };
}

function withBar<T>(many: Many<T>): Promise<Done> {
  return new Promise((resolve) => {
    showDialog((close) => (
      <Running
        many={many as Many<unknown>}
        onEnd={(done) => {
          close();
          resolve(done);
        }}
      />
    ));
  });
}

function Running({ many, onEnd }: { many: Many<unknown>; onEnd: (done: Done) => void }) {
  const [done, setDone] = useState(0);
  const [stop] = useState(() => new AbortController());
  useEffect(() => {
    void oneByOne(many, setDone, stop.signal).then(onEnd);
    // it runs once, whatever is drawn
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const count = many.things.length;
  const end = () => stop.abort();
  return (
    <Dialog title={many.name} onClose={end} foot={<Button onClick={end}>{t("action.stop")}</Button>}>
      <p>{t("bulk.progress", { done, count })}</p>
      <Progress value={(done / count) * 100} label={many.name} />
    </Dialog>
  );
}
