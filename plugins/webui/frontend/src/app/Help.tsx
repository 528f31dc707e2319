/** The list of keys. */
import { t, type Key } from "../i18n";
import { Dialog } from "../ui/Dialog";
import { showDialog } from "../ui/dialogs";
import { VIEWS } from "../views";

const KEYS: [keys: string[], text: Key][] = [
  [["/"], "shortcuts.filter"],
  [["a"], "shortcuts.add"],
  [["j", "k", "↓", "↑"], "shortcuts.move"],
  [["j", "k"], "shortcuts.step"],
  [["x"], "shortcuts.select"],
  [["Ctrl", "A"], "shortcuts.selectAll"],
  [["Enter"], "shortcuts.open"],
  [["Space"], "shortcuts.pause"],
  [["Del"], "shortcuts.delete"],
  [["."], "shortcuts.menu"],
  [["Ctrl", "K"], "shortcuts.palette"],
  [["Esc"], "shortcuts.close"],
  [["?"], "shortcuts.help"],
];

export function openHelp(): void {
  showDialog((close) => (
    <Dialog title={t("shortcuts.title")} onClose={close}>
      <dl className="keys-list">
        {KEYS.map(([keys, text]) => [
          <dt key={`${text} keys`} className="row">
            {keys.map((each) => (
              <kbd key={each}>{each}</kbd>
            ))}
          </dt>,
          <dd key={text}>{t(text)}</dd>,
        ])}
        {VIEWS.map((view) => [
          <dt key={`${view.id} keys`} className="row">
            <kbd>g</kbd>
            <kbd>{view.letter}</kbd>
          </dt>,
          <dd key={view.id}>{t("palette.goTo", { name: t(view.title) })}</dd>,
        ])}
      </dl>
    </Dialog>
  ));
}
