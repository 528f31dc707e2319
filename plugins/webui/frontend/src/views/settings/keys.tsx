/** API keys: shown when they are made, to be copied. */
import { IconCopy, IconEye, IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../../i18n";
import { Button, IconButton } from "../../ui/Button";
import { copyText } from "../../ui/copy";
import { Dialog } from "../../ui/Dialog";
import { showDialog } from "../../ui/dialogs";
import "../../ui/forms.css";

/** Show the new key of somebody else: this once. */
export function openKey(key: string): void {
  showDialog((close) => (
    <Dialog title={t("keys.newTitle")} onClose={close} foot={<Button onClick={close}>{t("action.close")}</Button>}>
      <p>{t("keys.newText")}</p>
      <KeyBox secret={key} seen />
    </Dialog>
  ));
}

interface KeyBoxProps {
  secret: string;
  /** Shown in clear from the beginning. */
  seen?: boolean;
}

/** A key that is covered until somebody wants to see it; it can be copied either way. */
export function KeyBox({ secret, seen = false }: KeyBoxProps) {
  const [shown, setShown] = useState(seen);
  return (
    <div className="key-box">
      <code>{shown ? secret : "•".repeat(24)}</code>
      <IconButton label={t(shown ? "keys.hide" : "keys.show")} onClick={() => setShown(!shown)}>
        {shown ? <IconEyeOff size={18} aria-hidden /> : <IconEye size={18} aria-hidden />}
      </IconButton>
      <IconButton label={t("keys.copy")} onClick={() => void copyText(secret)}>
        <IconCopy size={18} aria-hidden />
      </IconButton>
    </div>
  );
}
