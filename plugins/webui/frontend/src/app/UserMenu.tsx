/** Account, looks and language. */
import { IconUserCircle } from "@tabler/icons-react";
import { Popover as Radix } from "radix-ui";
import { useState } from "react";
import { getMe } from "../api/me";
import { getLanguage, LANGUAGES, setLanguage, t, type Language } from "../i18n";
import { getTextSize, getTheme, setTextSize, setTheme, type TextSize, type Theme } from "../prefs/appearance";
import { inBase } from "../router/base";
import { Link } from "../router/Link";
import { pathOf } from "../router/router";
import { Button, IconButton } from "../ui/Button";
import { SelectField } from "../ui/Field";
import { Popover } from "../ui/Popover";
import { Segments } from "../ui/Segments";
import { openHelp } from "./Help";
import { openAbout } from "./openAbout";
import { signOut, signOutEverywhere } from "./session";
import { openChangelog } from "./WhatsNew";

export function UserMenu() {
  const me = getMe();
  const trigger = (
    <IconButton label={me.username || t("top.user")}>
      <IconUserCircle size={22} aria-hidden />
    </IconButton>
  );
  const known = me.authEnabled && me.authenticated;
  return (
    <Popover trigger={trigger} label={t("top.user")}>
      {known && (
        <div className="row">
          <strong className="truncate grow">{me.username}</strong>
          <Radix.Close asChild>
            <Link className="btn" to={pathOf("settings", ["account"])}>
              {t("user.account")}
            </Link>
          </Radix.Close>
        </div>
      )}
      <Looks />
      <div className="row wrap">
        <Button look="quiet" onClick={openHelp}>
          {t("user.shortcuts")}
        </Button>
        <Button look="quiet" onClick={openChangelog}>
          {t("user.whatsNew")}
        </Button>
        <Button look="quiet" onClick={openAbout}>
          {t("about.title")}
        </Button>
        <a className="btn btn-quiet" href={inBase("/api/docs")}>
          {t("user.apiGuide")}
        </a>
      </div>
      {known && me.session && (
        <div className="row wrap">
          <Button onClick={() => void signOut()}>{t("user.signOut")}</Button>
          <Button onClick={() => void signOutEverywhere()}>{t("user.signOutAll")}</Button>
        </div>
      )}
    </Popover>
  );
}

function Looks() {
  const [theme, showTheme] = useState<Theme>(getTheme());
  const [text, showText] = useState<TextSize>(getTextSize());
  return (
    <>
      <div className="field">
        <span className="label">{t("user.theme")}</span>
        <Segments
          label={t("user.theme")}
          value={theme}
          options={[
            ["system", t("user.themeSystem")],
            ["light", t("user.themeLight")],
            ["dark", t("user.themeDark")],
          ]}
          onChange={(next) => {
            setTheme(next);
            showTheme(next);
          }}
        />
      </div>
      <div className="field">
        <span className="label">{t("user.textSize")}</span>
        <Segments
          label={t("user.textSize")}
          value={text}
          options={[
            ["normal", t("user.textNormal")],
            ["large", t("user.textLarge")],
          ]}
          onChange={(next) => {
            setTextSize(next);
            showText(next);
          }}
        />
      </div>
      <SelectField
        label={t("user.language")}
        value={getLanguage()}
        options={Object.entries(LANGUAGES)}
        onChange={(next) => void setLanguage(next as Language, true)}
      />
    </>
  );
}
