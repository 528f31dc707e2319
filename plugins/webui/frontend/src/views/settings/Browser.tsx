/** What this browser does with links: magnet links open here, ED2K links by a button of the browser's own bar. */
import { useState } from "react";
import { t } from "../../i18n";
import { inBase } from "../../router/base";
import { Button } from "../../ui/Button";
import { copyText } from "../../ui/copy";
import { TextField } from "../../ui/Field";
import { toast, toastError } from "../../ui/toasts";

const SCHEMES = ["magnet", "web+ed2k"] as const;

export default function Browser() {
  const [asked, setAsked] = useState<string[]>([]);
  const possible = window.isSecureContext && "registerProtocolHandler" in navigator;
  const register = (scheme: string) => {
    try {
      navigator.registerProtocolHandler(scheme, `${location.origin}${inBase("/")}?add=%s`);
      setAsked([...asked, scheme]);
      toast(t("browser.asked"));
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <>
      <div className="settings-head">
        <h2>{t("settings.browser")}</h2>
      </div>
      <section className="card settings-card">
        <h3>{t("browser.links")}</h3>
        <p className="quiet">{t("browser.linksHelp")}</p>
        {possible ? (
          <div className="row wrap">
            {SCHEMES.map((scheme) => (
              <Button key={scheme} onClick={() => register(scheme)} disabled={asked.includes(scheme)}>
                {t("browser.open", { scheme: `${scheme}:` })}
              </Button>
            ))}
          </div>
        ) : (
          <p className="notice">{t("browser.insecure")}</p>
        )}
      </section>
      <Bookmarklet />
    </>
  );
}

/** ED2K links have no scheme that browsers let pages take: a bookmark takes what is marked, or the links of the page. */
function bookmarklet(): string {
  const target = JSON.stringify(`${location.origin}${inBase("/")}?add=`);
  const links = "[...document.links].map(function(a){return a.href}).filter(function(h){return/^(ed2k|magnet):/i.test(h)})";
  return `javascript:(function(){var s=String(getSelection());var l=/ed2k:|magnet:/i.test(s)?s:${links}.join("\\n");open(${target}+encodeURIComponent(l))})()`;
}

function Bookmarklet() {
  const code = bookmarklet();
  return (
    <section className="card settings-card">
      <h3>{t("browser.bookmark")}</h3>
      <p className="quiet">{t("browser.bookmarkHelp")}</p>
      <div className="row wrap">
        <TextField label={t("browser.bookmarkAddress")} className="mono address-box" readOnly value={code} onFocus={({ target }) => target.select()} />
        <Button onClick={() => void copyText(code)}>{t("action.copy")}</Button>
      </div>
    </section>
  );
}
