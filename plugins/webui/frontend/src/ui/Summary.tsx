/** How something went that was done to many things: what failed by name, in the words that were given, and what was not tried. */
import { IconCopy } from "@tabler/icons-react";
import { t } from "../i18n";
import { Button } from "./Button";
import { copyText } from "./copy";
import { Dialog } from "./Dialog";
import { showDialog } from "./dialogs";

export interface Failure {
  name: string;
  error: string;
}

export interface Outcome {
  /** What was done, in words. */
  name: string;
  /** How many went well. */
  done: number;
  failed: Failure[];
  /** How many have no answer, because something broke. */
  untried: number;
  /** What broke. */
  broken?: string | undefined;
  /** Try those again that have no answer. */
  onRest?: (() => void) | undefined;
}

export function openSummary(outcome: Outcome): void {
  showDialog((close) => <Summary outcome={outcome} onClose={close} />);
}

const OPEN_UP_TO = 20;

function Summary({ outcome, onClose }: { outcome: Outcome; onClose: () => void }) {
  const { name, done, failed, untried, broken, onRest } = outcome;
  const foot = (
    <>
      {failed.length > 0 && (
        <span className="grow">
          <Button onClick={() => void copyText(textOf(failed))}>
            <IconCopy size={16} aria-hidden />
            {t("bulk.copy")}
          </Button>
        </span>
      )}
      <Button onClick={onClose}>{t("action.close")}</Button>
      {untried > 0 && onRest && (
        <Button
          look="primary"
          onClick={() => {
            onClose();
            onRest();
          }}
        >
          {t("bulk.tryRest")}
        </Button>
      )}
    </>
  );
  return (
    <Dialog title={t(untried > 0 ? "bulk.brokeOff" : "bulk.notAll", { action: name })} onClose={onClose} foot={foot}>
      {broken && <p className="notice bad">{broken}</p>}
      <ul className="summary-counts">
        <li>{t("bulk.wereDone", { count: done })}</li>
        {untried > 0 && <li>{t("bulk.untried", { count: untried })}</li>}
      </ul>
      {failed.length > 0 && (
        <details open={failed.length <= OPEN_UP_TO}>
          <summary className="wrong">{t("bulk.failed", { count: failed.length })}</summary>
          <ul className="summary-failed">
            {failed.map((each, at) => (
              <li key={at}>
                <div className="truncate" title={each.name}>
                  {each.name}
                </div>
                <div className="small quiet">{each.error}</div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Dialog>
  );
}

function textOf(failed: Failure[]): string {
  return failed.map(({ name, error }) => `${name}: ${error}`).join("\n");
}
