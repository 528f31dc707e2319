/** A new password: what is wanted of it is ticked off while it is typed. */
import { IconCheck, IconCircle, IconPointFilled } from "@tabler/icons-react";
import { useId, type ReactNode } from "react";
import { t } from "../i18n";
import { TextField } from "./Field";
import "./forms.css";
import { LONGEST, rulesOf, SHORTEST } from "./passwords";

interface PasswordFieldProps {
  label: string;
  help: string;
  wrong: string | undefined;
  /** Whose it is to be. */
  username: string;
  value: string;
  required?: boolean;
  onChange: (password: string) => void;
}

export function PasswordField({ username, value, onChange, ...rest }: PasswordFieldProps) {
  const id = useId();
  return (
    <div className="stack">
      <TextField
        {...rest}
        type="password"
        autoComplete="new-password"
        minLength={SHORTEST}
        maxLength={LONGEST}
        value={value}
        aria-details={value ? id : undefined}
        onChange={({ target }) => onChange(target.value)}
      />
      {value && (
        <ul id={id} className="rules small" aria-label={t("password.rules")}>
          {rulesOf(value, username).map(([rule, kept]) => (
            <li key={rule} className={kept ? "tone-green" : "quiet"}>
              {signOf(kept)}
              <span>{t(rule)}</span>
              {kept !== null && <span className="sr-only">{t(kept ? "password.kept" : "password.notYet")}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function signOf(kept: boolean | null): ReactNode {
  const Sign = kept === null ? IconPointFilled : kept ? IconCheck : IconCircle;
  return <Sign size={14} aria-hidden />;
}
