/** One's own account: API key and password. */
import { useEffect, useState } from "react";
import { call } from "../api/client";
import type { Schemas } from "../api/types";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { showDialog } from "../ui/dialogs";
import { TextField } from "../ui/Field";
import { Copyable, Skeleton } from "../ui/Parts";
import { toast, toastError } from "../ui/toasts";

export function openAccount(): void {
  showDialog((close) => <Account onClose={close} />);
}

function Account({ onClose }: { onClose: () => void }) {
  const [user, setUser] = useState<Schemas["UserView"] | null>(null);
  useEffect(() => {
    call("get", "/api/auth/profile")
      .then((found) => setUser(found.user))
      .catch(toastError);
  }, []);
  const renew = () => {
    call("post", "/api/auth/profile/api-key")
      .then(({ apiKey }) => setUser((before) => before && { ...before, apiKey: apiKey ?? null }))
      .catch(toastError);
  };
  return (
    <Dialog title={t("user.account")} onClose={onClose}>
      {user ? (
        <>
          <h3>{t("account.key")}</h3>
          <p className="quiet small">{t("account.keyHelp")}</p>
          <div className="row">
            <div className="grow">{user.apiKey && <Copyable text={user.apiKey} />}</div>
            <Button onClick={renew}>{t("account.renew")}</Button>
          </div>
          <PasswordForm />
        </>
      ) : (
        <Skeleton lines={5} />
      )}
    </Dialog>
  );
}

function PasswordForm() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = () => {
    call("put", "/api/auth/profile", { body: { currentPassword: current, newPassword: next } })
      .then(() => {
        toast(t("account.changed"));
        setCurrent("");
        setNext("");
      })
      .catch((error: unknown) => toastError(error));
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        change();
      }}
    >
      <h3>{t("account.password")}</h3>
      <TextField
        label={t("account.current")}
        type="password"
        autoComplete="current-password"
        required
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label={t("account.next")}
        help={t("account.nextHelp")}
        type="password"
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        required
        value={next}
        onChange={(event) => setNext(event.target.value)}
      />
      <div className="row">
        <Button type="submit">{t("account.change")}</Button>
      </div>
    </form>
  );
}
