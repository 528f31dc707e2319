/** What somebody has entered and not saved: it is not left without a question, in the page or by closing it. */
import { useEffect } from "react";
import { t } from "../i18n";
import { guardPlace } from "../router/router";
import { confirm } from "./Confirm";

/** Ask whether what was entered may go; the safe answer has the focus. */
export function askToLeave(onYes: () => void, onNo?: () => void): void {
  confirm({
    title: t("leave.title"),
    children: t("leave.text"),
    yes: t("leave.yes"),
    no: t("leave.no"),
    onYes,
    onNo,
  });
}

/** While `dirty`, the browser asks before it closes the page or goes to another one. */
export function useUnsaved(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", hold);
    return () => removeEventListener("beforeunload", hold);
  }, [dirty]);
}

/** The same for a form in a view: going to another view asks, too. */
export function useUnsavedView(dirty: boolean): void {
  useUnsaved(dirty);
  useEffect(() => {
    if (!dirty) return;
    const end = guardPlace(askToLeave);
    return () => void end();
  }, [dirty]);
}
