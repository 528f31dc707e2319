/** Put tags on items and take them off. A box that is half ticked: some of the items have it. */
import { useState } from "react";
import { call } from "../../api/client";
import { t } from "../../i18n";
import { getLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Check, TextField } from "../../ui/Field";
import type { ItemsDialogProps } from "../acts";
import { runAction } from "../run";
import { tagsBack, type TagStep } from "../undo";

const LONGEST = 100;

function change({ items, add, remove }: TagStep, undo?: () => void): void {
  void runAction({
    name: t("act.tags"),
    items,
    undo,
    send: (refs) => call("post", "/api/v1/downloads/tags", { body: { items: refs, add, remove } }),
  });
}

export default function TagsDialog({ items, onClose }: ItemsDialogProps) {
  const [known, setKnown] = useState(() =>
    [...new Set([...getLive().items.values()].flatMap((each) => each.tags ?? []))].sort(),
  );
  const [wanted, setWanted] = useState<Record<string, boolean>>({});
  const [fresh, setFresh] = useState("");
  const wrong = fresh.includes(",") || fresh.trim().length > LONGEST;
  const held = (tag: string) => items.filter((each) => each.tags?.includes(tag)).length;
  function take() {
    const tag = fresh.trim();
    if (!tag || wrong) return wanted;
    setKnown([...new Set([...known, tag])]);
    setFresh("");
    const next = { ...wanted, [tag]: true };
    setWanted(next);
    return next;
  }
  function go() {
    const chosen = take();
    const add = Object.keys(chosen).filter((tag) => chosen[tag]);
    const remove = Object.keys(chosen).filter((tag) => !chosen[tag]);
    onClose();
    if (add.length + remove.length === 0) return;
    const back = tagsBack(add, remove, items);
    change({ items, add, remove }, back.length > 0 ? () => back.forEach((each) => change(each)) : undefined);
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={wrong}>
        {t("action.apply")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("tags.title", { count: items.length })} onClose={onClose} onSubmit={go} foot={foot} dirty={fresh.trim() !== "" || Object.keys(wanted).length > 0}>
      <div className="stack">
        {known.map((tag) => (
          <Check
            key={tag}
            label={tag}
            checked={wanted[tag] ?? held(tag) === items.length}
            ref={(box) => {
              if (box) box.indeterminate = wanted[tag] === undefined && held(tag) > 0 && held(tag) < items.length;
            }}
            onChange={(checked) => setWanted({ ...wanted, [tag]: checked })}
          />
        ))}
      </div>
      <div className="row" style={{ alignItems: "flex-end" }}>
        <div className="grow">
          <TextField
            label={t("tags.new")}
            value={fresh}
            wrong={wrong ? t("tags.wrong") : null}
            onChange={(event) => setFresh(event.target.value)}
          />
        </div>
        <Button onClick={take} disabled={!fresh.trim() || wrong}>
          {t("action.add")}
        </Button>
      </div>
    </Dialog>
  );
}
