/** Every command and every item, by a few letters. */
import { IconFile } from "@tabler/icons-react";
import { useId, useMemo, useState, type KeyboardEvent } from "react";
import { t } from "../i18n";
import { matches, wordsOf } from "../items/words";
import { keyOf } from "../live/state";
import { getLive } from "../live/store";
import { navigate, pathOf } from "../router/router";
import { Dialog } from "../ui/Dialog";
import { commands, type Command } from "./commands";

const MOST = 40;
const SIZE = 16;

/** The commands that fit, then items by their names. */
function found(all: Command[], text: string): Command[] {
  const words = wordsOf(text);
  if (words.length === 0) return all;
  const fitting = all.filter((each) => matches(each.text.toLowerCase(), words));
  for (const item of getLive().items.values()) {
    if (fitting.length >= MOST) break;
    if (!matches(item.name.toLowerCase(), words)) continue;
    const run = () => navigate(pathOf("downloads", [], new URLSearchParams({ item: keyOf(item) })));
    fitting.push({ id: keyOf(item), text: item.name, icon: <IconFile size={SIZE} aria-hidden />, run });
  }
  return fitting;
}

export default function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const [all] = useState(commands);
  const list = useMemo(() => found(all, text), [all, text]);
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
            {each.icon}
            <span className="truncate">{each.text}</span>
          </div>
        ))}
        {list.length === 0 && <div className="quiet">{t("palette.nothing")}</div>}
      </div>
    </Dialog>
  );
}
