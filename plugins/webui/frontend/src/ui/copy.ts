/** Copy a text. Without TLS browsers have no clipboard for pages: then by the old way of a selected field. */
import { t } from "../i18n";
import { toast, toastError } from "./toasts";

export async function copyText(text: string): Promise<void> {
  try {
    if (window.isSecureContext) await navigator.clipboard.writeText(text);
    else copyBySelection(text);
    toast(t("toast.copied"));
  } catch {
    toastError(new Error(t("toast.copyFailed")));
  }
}

function copyBySelection(text: string): void {
  const field = document.createElement("textarea");
  field.value = text;
  field.style.position = "fixed";
  field.style.opacity = "0";
  (document.querySelector("[role=dialog]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("refused");
}
