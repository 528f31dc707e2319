/** Saving from a form: what is wrong stands at its fields, what was changed by others is offered. */
import { useState } from "react";
import { t } from "../../i18n";
import { toast, toastError } from "../../ui/toasts";
import { offerBoth } from "./Conflict";
import { save, type Change } from "./config";

export interface Saving {
  busy: boolean;
  /** What is wrong, by dotted path. */
  wrong: Record<string, string>;
  /** `onDone` is called when it is saved, `onSaved` when the version of the others is taken instead. */
  send: (revision: string, change: Change, onDone: () => void, onSaved: () => void) => void;
  forget: () => void;
}

export function useSaving(): Saving {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  async function attempt(revision: string, change: Change, onDone: () => void, onSaved: () => void): Promise<void> {
    setBusy(true);
    try {
      const refusal = await save(revision, change);
      setWrong(refusal?.kind === "wrong" ? refusal.fields : {});
      if (refusal?.kind === "wrong") toastError(new Error(refusal.message), t("settings.notSaved"));
      if (refusal?.kind === "changed") {
        const onMine = (config: { _meta: { revision: string } }) => void attempt(config._meta.revision, change, onDone, onSaved);
        offerBoth({ change, onSaved, onMine });
      }
      if (refusal) return;
      toast(t("settings.saved"));
      onDone();
    } catch (error) {
      toastError(error, t("settings.notSaved"));
    } finally {
      setBusy(false);
    }
  }
  return {
    busy,
    wrong,
    send: (...all) => void attempt(...all),
    forget: () => setWrong({}),
  };
}
