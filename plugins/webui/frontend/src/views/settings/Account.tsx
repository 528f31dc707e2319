/** One's own account: API key, password, sessions. */
import { useState } from "react";
import { call, type Reply } from "../../api/client";
import { ApiError } from "../../api/error";
import { getMe } from "../../api/me";
import { useAsked, type Asked } from "../../api/useAsked";
import { signOut, signOutEverywhere } from "../../app/session";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { confirm } from "../../ui/Confirm";
import { TextField } from "../../ui/Field";
import { Loaded } from "../../ui/Loaded";
import { PasswordField } from "../../ui/PasswordField";
import { toast, toastError } from "../../ui/toasts";
import { useUnsavedView } from "../../ui/unsaved";
import { KeyBox } from "./keys";

const ask = (signal: AbortSignal) => call("get", "/api/auth/profile", { signal });

export default function Account() {
  const me = getMe();
  const asked = useAsked("profile", ask);
  if (!me.authEnabled) return <p className="notice">{t("users.authOff")}</p>;
  return (
    <>
      <div className="settings-head">
        <h2>{me.username}</h2>
      </div>
      <ApiKey asked={asked} />
      {asked.data?.user.hasPassword && <Password />}
      <Sessions />
    </>
  );
}

type Profile = Reply<"/api/auth/profile", "get">;

function ApiKey({ asked }: { asked: Asked<Profile> }) {
  const renew = () =>
    confirm({
      title: t("keys.renewTitle"),
      children: <p>{t("keys.renewText")}</p>,
      yes: t("keys.renew"),
      onYes: () => void call("post", "/api/auth/profile/api-key").then(asked.again, toastError),
    });
  return (
    <section className="card settings-card">
      <h3>{t("account.key")}</h3>
      <p className="quiet">{t("keys.help")}</p>
      <Loaded asked={asked} lines={1}>
        {({ user }) => user.apiKey && <KeyBox key={user.apiKey} secret={user.apiKey} />}
      </Loaded>
      <div>
        <Button onClick={renew}>{t("keys.renew")}</Button>
      </div>
    </section>
  );
}

function Password() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  useUnsavedView(current !== "" || next !== "");
  const change = () => {
    call("put", "/api/auth/profile", { body: { currentPassword: current, newPassword: next } })
      .then(() => {
        toast(t("account.changed"));
        setCurrent("");
        setNext("");
        setWrong({});
      })
      .catch((error: unknown) => {
        const field = error instanceof ApiError ? (error.details["field"] ?? (error.code === "invalid_credentials" ? "currentPassword" : null)) : null;
        if (typeof field === "string") setWrong({ [field]: (error as Error).message });
        else toastError(error);
      });
  };
  return (
    <form
      className="card settings-card"
      onSubmit={(event) => {
        event.preventDefault();
        change();
      }}
    >
      <h3>{t("account.password")}</h3>
      <input type="text" name="username" autoComplete="username" value={getMe().username ?? ""} readOnly hidden />
      <div className="settings-form">
        <TextField
          label={t("account.current")}
          wrong={wrong["currentPassword"]}
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={({ target }) => setCurrent(target.value)}
        />
        <PasswordField
          label={t("account.next")}
          help={t("account.nextHelp")}
          wrong={wrong["newPassword"]}
          username={getMe().username ?? ""}
          required
          value={next}
          onChange={setNext}
        />
      </div>
      <div>
        <Button type="submit">{t("account.change")}</Button>
      </div>
    </form>
  );
}

function Sessions() {
  const others = () => {
    call("delete", "/api/auth/sessions", { body: { keepCurrent: true } }).then(
      ({ ended }) => toast(t("users.ended", { count: ended })),
      toastError,
    );
  };
  return (
    <section className="card settings-card">
      <h3>{t("account.sessions")}</h3>
      <p className="quiet">{t("account.sessionsHelp")}</p>
      <div className="row wrap">
        <Button onClick={() => void signOut()}>{t("user.signOut")}</Button>
        <Button onClick={others}>{t("account.endOthers")}</Button>
        <Button onClick={() => void signOutEverywhere()}>{t("user.signOutAll")}</Button>
      </div>
    </section>
  );
}
