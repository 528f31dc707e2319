/** Every command and every item, by a few letters. */
import { IconChevronRight, IconFile, IconPlus, type Icon } from "@tabler/icons-react";
import { useId, useMemo, useState, type KeyboardEvent } from "react";
import { openAdd } from "../add/open";
import { may } from "../api/me";
import { t } from "../i18n";
import { matches, wordsOf } from "../items/words";
import { keyOf } from "../live/state";
import { getLive } from "../live/store";
import { navigate, pathOf } from "../router/router";
import { Dialog } from "../ui/Dialog";
import { showDialog } from "../ui/dialogs";
import { isThere, VIEWS } from "../views";
import { openHelp } from "./Help";
import { signOut } from "./session";

interface Command {
  id: string;
  text: string;
  icon: Icon;
  run: () => void;
}

const MOST = 40;

export function openPalette(): void {
  showDialog((close) => <Palette onClose={close} />);
}

function commands(): Command[] {
  const live = getLive();
  const views = VIEWS.filter((each) => isThere(each, live)).map((view) => ({
    id: `view ${view.id}`,
    text: t("palette.goTo", { name: t(view.title) }),
    icon: view.icon,
    run: () => navigate(pathOf(view.id)),
  }));
  const others: Command[] = [
    { id: "help", text: t("user.shortcuts"), icon: IconChevronRight, run: openHelp },
    { id: "account", text: t("user.account"), icon: IconChevronRight, run: () => navigate(pathOf("settings", ["account"])) },
    { id: "sign out", text: t("user.signOut"), icon: IconChevronRight, run: () => void signOut() },
  ];
  const add = { id: "add", text: t("top.add"), icon: IconPlus, run: () => openAdd() };
  return [...(may("add_downloads") ? [add] : []), ...views, ...others];
}

function found(text: string): Command[] {
  const words = wordsOf(text);
  const fitting = commands().filter((each) => matches(each.text.toLowerCase(), words));
  if (words.length === 0) return fitting;
  for (const item of getLive().items.values()) {
    if (fitting.length >= MOST) break;
    if (!matches(item.name.toLowerCase(), words)) continue;
    const key = keyOf(item);
    const run = () => navigate(pathOf("downloads", [], new URLSearchParams({ item: key })));
    fitting.push({ id: key, text: item.name, icon: IconFile, run });
  }
  return fitting;
}

function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useMemo(() => found(text), [text]);
  const chosen = Math.min(at, list.length - 1);
  function run(command: Command | undefined) {
    onClose();
    command?.run();
  }
  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = (chosen + step + list.length) % Math.max(1, list.length);
      setAt(next);
      document.getElementById(`${id}-${String(next)}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(list[chosen]);
    }
  }
  return (
    <Dialog title={t("palette.title")} onClose={onClose}>
      <input
        className="input"
        role="combobox"
        aria-label={t("palette.placeholder")}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={list.length > 0 ? `${id}-${String(chosen)}` : undefined}
        placeholder={t("palette.placeholder")}
        // a palette is opened to type in it
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={key}
      />
      <div role="listbox" id={`${id}-list`} aria-label={t("palette.title")} className="palette-list">
        {list.map((each, index) => (
          // its keys are the field's
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={each.id}
            id={`${id}-${String(index)}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className="palette-option"
            onClick={() => run(each)}
          >
            <each.icon size={16} aria-hidden />
            <span className="truncate">{each.text}</span>
          </div>
        ))}
        {list.length === 0 && <div className="quiet">{t("palette.nothing")}</div>}
      </div>
    </Dialog>
  );
}
