/** What could not be read, in the daemon's words, and a way to try again. */
import { IconAlertTriangle } from "@tabler/icons-react";
import { t } from "../i18n";
import { Button } from "./Button";

interface TroubleProps {
  text: string;
  onRetry: () => void;
  /** What the button says; else *Try again*. */
  action?: string;
}

export function Trouble({ text, onRetry, action = t("action.retry") }: TroubleProps) {
  return (
    <div className="notice bad" role="group" aria-label={t("error.title")}>
      <IconAlertTriangle size={18} aria-hidden className="tone-red" />
      <span className="grow">{text}</span>
      <Button onClick={onRetry}>{action}</Button>
    </div>
  );
}
