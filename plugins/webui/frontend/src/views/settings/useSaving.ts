/** Saving from a form: what is wrong stands at its fields, what was changed by others is offered. */
import { useEffect, useState } from "react";
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
  const [message, setMessage] = useState("");
  useEffect(() => {
    if (message) showWrong(message);
  }, [message, wrong]);
  async function attempt(revision: string, change: Change, onDone: () => void, onSaved: () => void): Promise<void> {
    setBusy(true);
    setMessage("");
    try {
      const refusal = await save(revision, change);
      setWrong(refusal?.kind === "wrong" ? refusal.fields : {});
      if (refusal?.kind === "wrong") setMessage(refusal.message);
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

/** Go to the first field that is wrong; what belongs to none that is seen is said in a message. */
function showWrong(message: string): void {
  const field = document.querySelector<HTMLElement>("[aria-invalid=true]");
  if (field) field.focus();
  else toastError(new Error(message), t("settings.notSaved"));
}
