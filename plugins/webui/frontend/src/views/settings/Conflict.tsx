/** The file was changed meanwhile: both versions are offered, and nothing is overwritten without a choice. */
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { showDialog } from "../../ui/dialogs";
import { ScrollX } from "../../ui/ScrollX";
import { toastError } from "../../ui/toasts";
import { readConfig, type Change, type Config } from "./config";
import { differences } from "./differences";

interface Choices {
  /** What was to be saved. */
  change: Change;
  onSaved: (config: Config) => void;
  onMine: (config: Config) => void;
}

/** Read what is saved now, and ask which of both is to count. */
export function offerBoth(choices: Choices): void {
  readConfig().then(
    (config) => showDialog((close) => <Both {...choices} config={config} onClose={close} />),
    toastError,
  );
}

interface BothProps extends Choices {
  config: Config;
  onClose: () => void;
}

function Both({ change, config, onSaved, onMine, onClose }: BothProps) {
  const saved = Object.fromEntries(Object.keys(change).map((name) => [name, config[name as keyof Change]]));
  const found = differences(saved, change);
  const choose = (chosen: (config: Config) => void) => () => {
    onClose();
    chosen(config);
  };
  const foot = (
    <>
      <Button onClick={choose(onSaved)}>{t("settings.conflictSaved")}</Button>
      <Button look="primary" onClick={choose(onMine)}>
        {t("settings.conflictMine")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("settings.conflictTitle")} onClose={onClose} foot={foot} wide>
      <p>{t("settings.conflictText")}</p>
      <ScrollX label={t("settings.conflictTitle")}>
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t("settings.field")}</th>
              <th>{t("settings.conflictThere")}</th>
              <th>{t("settings.conflictHere")}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((each) => (
              <tr key={each.field}>
                <td className="mono">{each.field}</td>
                <td className="mono">{each.saved}</td>
                <td className="mono">{each.mine}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </Dialog>
  );
}
