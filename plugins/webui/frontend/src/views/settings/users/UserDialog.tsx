/** Make or change an account. */
import { useState } from "react";
import { call } from "../../../api/client";
import { ApiError } from "../../../api/error";
import { getMe } from "../../../api/me";
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { confirm } from "../../../ui/Confirm";
import { Dialog } from "../../../ui/Dialog";
import { showDialog } from "../../../ui/dialogs";
import { TextField } from "../../../ui/Field";
import { PasswordField } from "../../../ui/PasswordField";
import { Switch } from "../../../ui/Switch";
import { toast, toastError } from "../../../ui/toasts";
import { openKey } from "../keys";
import type { User } from ".";
import { READ_ONLY } from "./rights";
import { Rights } from "./Rights";

/** Open the form of an account, or of a new one; `onChanged` is called when something was saved. */
export function openUser(user: User | null, onChanged: () => void): void {
  showDialog((close) => <UserDialog user={user} onChanged={onChanged} onClose={close} />);
}

interface UserDialogProps {
  user: User | null;
  onChanged: () => void;
  onClose: () => void;
}

function UserDialog({ user, onChanged, onClose }: UserDialogProps) {
  const [name, setName] = useState(user?.username ?? "");
  const [password, setPassword] = useState("");
  const [isAdmin, setAdmin] = useState(user?.isAdmin ?? false);
  const [disabled, setDisabled] = useState(user?.disabled ?? false);
  const [rights, setRights] = useState<string[]>(user?.capabilities ?? [...READ_ONLY]);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const self = user !== null && user.username === getMe().username;
  const account = { username: name.trim(), isAdmin, disabled, capabilities: rights };
  const dirty = Object.keys(changed(user ?? NOBODY, account, password)).length > 0;
  const submit = () => {
    setBusy(true);
    const sent = user ? changed(user, account, password) : { ...account, ...(password ? { password } : {}) };
    const id = user?.id ?? null;
    const asked = id === null ? call("post", "/api/users", { body: { ...account, ...sent } }) : call("put", "/api/users/{id}", { path: { id }, body: sent });
    asked
      .then(() => {
        toast(t("settings.saved"));
        onChanged();
        onClose();
      })
      .catch((error: unknown) => {
        const field = fieldOf(error);
        setWrong(field);
        if (Object.keys(field).length === 0) toastError(error, t("settings.notSaved"));
      })
      .finally(() => setBusy(false));
  };
  const foot = (
    <>
      {user && !self && (
        <span className="grow">
          <Button onClick={() => remove(user, onChanged, onClose)}>{t("action.delete")}</Button>
        </span>
      )}
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={busy}>
        {t("action.save")}
      </Button>
    </>
  );
  return (
    <Dialog title={user ? t("users.editTitle", { name: user.username }) : t("users.addTitle")} onClose={onClose} onSubmit={submit} foot={foot} dirty={dirty} wide>
      <div className="settings-form">
        <TextField
          label={t("users.name")}
          wrong={wrong["username"]}
          value={name}
          required
          maxLength={64}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={({ target }) => setName(target.value)}
        />
        <PasswordField
          label={t(user ? "users.newPassword" : "users.password")}
          help={t(user ? "users.newPasswordHelp" : "users.passwordHelp")}
          wrong={wrong["password"]}
          username={name}
          value={password}
          onChange={setPassword}
        />
        <Switch label={t("users.isAdmin")} checked={isAdmin} onChange={setAdmin} disabled={self} />
        <Switch label={t("users.isDisabled")} checked={disabled} onChange={setDisabled} disabled={self} />
      </div>
      {isAdmin ? <p className="quiet">{t("users.adminHelp")}</p> : <Rights rights={rights} onChange={setRights} />}
      {user && <Access user={user} />}
    </Dialog>
  );
}

type Account = Pick<User, "username" | "isAdmin" | "disabled" | "capabilities">;

/** An account as the form of a new one begins. */
const NOBODY: Account = { username: "", isAdmin: false, disabled: false, capabilities: [...READ_ONLY] };

/** Only what is new is sent: each of these ends the sessions of that account. */
function changed(user: Account, account: Account, password: string) {
  const rights = (some: string[]) => [...some].sort().join(" ");
  return {
    ...(account.username === user.username ? {} : { username: account.username }),
    ...(account.isAdmin === user.isAdmin ? {} : { isAdmin: account.isAdmin }),
    ...(account.disabled === user.disabled ? {} : { disabled: account.disabled }),
    ...(rights(account.capabilities) === rights(user.capabilities) ? {} : { capabilities: account.capabilities }),
    ...(password ? { password } : {}),
  };
}

function fieldOf(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  if (error.code === "already_exists") return { username: error.message };
  const field = error.details["field"];
  return typeof field === "string" ? { [field]: error.message } : {};
}

function remove(user: User, onChanged: () => void, onClose: () => void): void {
  const { id } = user;
  if (id === null) return;
  confirm({
    title: t("users.deleteTitle", { name: user.username }),
    children: <p>{t("users.deleteText")}</p>,
    yes: t("action.delete"),
    onYes: () =>
      void call("delete", "/api/users/{id}", { path: { id } }).then(() => {
        onChanged();
        onClose();
      }, toastError),
  });
}

/** The key and the sessions of the account. */
function Access({ user }: { user: User }) {
  const { id } = user;
  if (id === null) return null;
  const newKey = () =>
    confirm({
      title: t("keys.renewTitle"),
      children: <p>{t("keys.renewText")}</p>,
      yes: t("keys.renew"),
      onYes: () => void call("post", "/api/users/{id}/api-key", { path: { id } }).then(({ apiKey }) => openKey(apiKey), toastError),
    });
  const end = () =>
    confirm({
      title: t("users.endTitle", { name: user.username }),
      children: <p>{t("users.endText")}</p>,
      yes: t("users.end"),
      onYes: () => void call("delete", "/api/users/{id}/sessions", { path: { id } }).then(({ ended }) => toast(t("users.ended", { count: ended })), toastError),
    });
  return (
    <section className="stack">
      <h3>{t("users.access")}</h3>
      <div className="row wrap">
        <Button onClick={newKey}>{t("keys.renewNamed")}</Button>
        <Button onClick={end}>{t("users.end")}</Button>
      </div>
      <p className="quiet small">{t("users.sessionsHelp")}</p>
    </section>
  );
}
