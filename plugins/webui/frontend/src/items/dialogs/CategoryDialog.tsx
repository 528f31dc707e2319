/** Give items another category; says whether their files move, and whether they can. */
import { useEffect, useState } from "react";
import { call } from "../../api/client";
import { may } from "../../api/me";
import type { Schemas } from "../../api/types";
import { t, type Key } from "../../i18n";
import { getLive, useLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Check, SelectField } from "../../ui/Field";
import { toastError } from "../../ui/toasts";
import type { ItemsDialogProps } from "../acts";
import { CHUNK, refOf } from "../bulk";
import { runAction } from "../run";
import { categoryOf } from "../status";

type Checked = Schemas["MovePermissions"];

export default function CategoryDialog({ items, onClose }: ItemsDialogProps) {
  const categories = useLive((live) => live.categories);
  const [name, setName] = useState(items[0] ? categoryOf(items[0]) : "");
  const [moveFiles, setMoveFiles] = useState(false);
  const [checked, setChecked] = useState<Checked | null>(null);
  const has = (capability: string) =>
    items.some((each) => getLive().instances[each.instanceId]?.capabilities[capability] === true);
  const forced = has("moveSharedForCategoryChange") && items.some((each) => each.shared && each.complete);
  const movable = has("moveData") && may("move_files");
  const moves = movable && (moveFiles || forced);
  useEffect(() => {
    if (!moves) return;
    const stop = new AbortController();
    const body = { items: items.slice(0, CHUNK).map(refOf), categoryName: name };
    call("post", "/api/v1/permissions/move", { body, signal: stop.signal }).then(setChecked).catch(toastError);
    return () => stop.abort();
  }, [moves, name, items]);
  function go() {
    onClose();
    const category = categories.find((each) => (name ? each.name === name : each.id === 0));
    void runAction({
      name: t("act.category"),
      items,
      guess: { category: category?.name ?? name, ...(category ? { categoryId: category.id } : {}) },
      send: (refs) =>
        call("post", "/api/v1/downloads/category", {
          body: { items: refs, categoryName: name, moveFiles: moves },
        }),
    });
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit">
        {t("action.apply")}
      </Button>
    </>
  );
  const named = categories.filter((each) => each.id !== 0).map((each) => [each.name, each.name] as const);
  return (
    <Dialog title={t("category.title", { count: items.length })} onClose={onClose} onSubmit={go} foot={foot}>
      <SelectField
        label={t("column.category")}
        value={name}
        options={[["", t("add.noCategory")], ...named]}
        onChange={setName}
      />
      {movable && (
        <Check
          label={t(forced ? "category.forced" : "category.moveFiles")}
          checked={moves}
          disabled={forced}
          onChange={setMoveFiles}
        />
      )}
      {has("categoryChangeAutoMoves") && <p className="quiet">{t("category.autoMoves")}</p>}
      {moves && checked && <MoveCheck checked={checked} ok="category.canMove" />}
    </Dialog>
  );
}

/** What a look at the disk says about moving. */
export function MoveCheck({ checked, ok }: { checked: Checked | Schemas["MoveToPermissions"]; ok: Key }) {
  const able = checked.results.filter((each) => each.canMove);
  const reasons = new Set(
    checked.results
      .filter((each) => !each.canMove)
      .map((each) => each.message ?? t(`reason.${each.reason}` as Key)),
  );
  return (
    <div className="stack" aria-live="polite">
      {able.length > 0 && <p>{t(ok, { count: able.length, path: checked.destPath ?? "" })}</p>}
      {checked.destError && <p className="wrong">{checked.destError}</p>}
      {[...reasons].map((each) => (
        <p key={each} className="wrong">
          {each}
        </p>
      ))}
    </div>
  );
}
