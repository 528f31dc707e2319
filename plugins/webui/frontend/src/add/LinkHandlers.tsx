/**
 * Let the browser hand links over to us: magnets, and by a bookmark the ED2K links of a page. Browsers take no `ed2k`,
 * nor `web+ed2k`: what follows `web+` has to be letters.
 */
import { t } from "../i18n";
import { inBase } from "../router/base";
import { Button } from "../ui/Button";
import { copyText } from "../ui/copy";
import { toast, toastError } from "../ui/toasts";

function here(): string {
  return `${location.origin}${inBase("/")}?add=`;
}

/** The browser asks the user, and only over TLS or on this machine. */
export function canRegister(): boolean {
  return window.isSecureContext && "registerProtocolHandler" in navigator;
}

function register(): void {
  try {
    navigator.registerProtocolHandler("magnet", `${here()}%s`);
    toast(t("handlers.asked"));
  } catch (error) {
    toastError(error);
  }
}

/** A bookmark that sends the ED2K links of the page that is open. It opens the box filled in, as all of these do. */
export function bookmarklet(): string {
  const collect = `[...document.querySelectorAll('a[href^="ed2k:"]')].map(a=>a.href).join("\\n")`;
  return `javascript:void open(${JSON.stringify(here())}+encodeURIComponent(${collect}))`;
}

export function LinkHandlers() {
  return (
    <div className="row wrap">
      {canRegister() && <Button onClick={register}>{t("handlers.register")}</Button>}
      <Button onClick={() => void copyText(bookmarklet())}>{t("handlers.bookmark")}</Button>
    </div>
  );
}
