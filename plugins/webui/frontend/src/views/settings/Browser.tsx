/** What this browser does with links: magnet links open here, ED2K links by a bookmark. */
import { bookmarklet, canRegister, LinkHandlers } from "../../add/LinkHandlers";
import { t } from "../../i18n";
import { TextField } from "../../ui/Field";

export default function Browser() {
  return (
    <>
      <div className="settings-head">
        <h2>{t("settings.browser")}</h2>
      </div>
      <section className="card settings-card">
        <h3>{t("browser.links")}</h3>
        <p className="quiet">{t("browser.linksHelp")}</p>
        {!canRegister() && <p className="notice">{t("browser.insecure")}</p>}
        <LinkHandlers />
        <p className="quiet">{t("browser.bookmarkHelp")}</p>
        <TextField
          label={t("browser.bookmarkAddress")}
          className="mono"
          readOnly
          value={bookmarklet()}
          onFocus={({ target }) => target.select()}
        />
      </section>
    </>
  );
}
