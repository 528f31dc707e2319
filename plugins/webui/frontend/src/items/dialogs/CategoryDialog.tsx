/** Give items another category; says whether their files move, and whether they can. */
import { useState } from "react";
import { call } from "../../api/client";
import { may } from "../../api/me";
import type { Item, Schemas } from "../../api/types";
import { useAsked } from "../../api/useAsked";
import { t, type Key } from "../../i18n";
import { keyOf } from "../../live/state";
import { getLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Check } from "../../ui/Field";
import { Trouble } from "../../ui/Trouble";
import type { ItemsDialogProps } from "../acts";
import { askInChunks, sendApart } from "../bulk";
import { CategoryChoice } from "../CategoryChoice";
import { runAction } from "../run";
import { categoryOf } from "../status";
import { byCategory } from "../undo";

type Checked = Schemas["MovePermissions"] | Schemas["MoveToPermissions"];

export default function CategoryDialog({ items, onClose }: ItemsDialogProps) {
  const [name, setName] = useState(items[0] ? categoryOf(items[0]) : "");
  const [moveFiles, setMoveFiles] = useState(false);
  const has = (item: Item, capability: string) => getLive().instances[item.instanceId]?.capabilities[capability] === true;
  const movable = may("move_files") ? items.filter((each) => has(each, "moveData")) : [];
  const forced = items.filter((each) => each.shared && each.complete && has(each, "moveSharedForCategoryChange"));
  const all = movable.length > 0 && movable.every((each) => forced.includes(each));
  // nothing of another item moves because one of them has to
  const moving = items.filter((each) => forced.includes(each) || (moveFiles && movable.includes(each)));
  const keys = new Set(moving.map(keyOf));
  const check = useAsked(`${name} ${String(moving.length)}`, async (signal) =>
    joined(
      await askInChunks(moving, (refs) =>
        call("post", "/api/v1/permissions/move", { body: { items: refs, categoryName: name }, signal }),
      ),
    ),
  );
  const checked = moving.length > 0 ? check.data : null;
  function go() {
    onClose();
    // files that moved are not taken back by a name
    const exact = moving.length === 0 && !items.some((each) => has(each, "categoryChangeAutoMoves"));
    assign(items, name, keys, exact ? () => byCategory(items).forEach(([before, of]) => assign(of, before)) : undefined);
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={Boolean(checked?.destError)}>
        {t("action.apply")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("category.title", { count: items.length })} onClose={onClose} onSubmit={go} foot={foot}>
      <CategoryChoice label={t("column.category")} value={name} onChange={setName} />
      {movable.length > 0 && (
        <Check label={t("category.moveFiles")} checked={moveFiles || all} disabled={all} onChange={setMoveFiles} />
      )}
      {forced.length > 0 && <p className="quiet">{t("category.forced", { count: forced.length })}</p>}
      {items.some((each) => has(each, "categoryChangeAutoMoves")) && <p className="quiet">{t("category.autoMoves")}</p>}
      {moving.length > 0 && check.error && <Trouble text={check.error.message} onRetry={check.again} />}
      {checked && <MoveCheck checked={checked} ok="category.canMove" />}
    </Dialog>
  );
}

/** Give items a category; the files of those in `moving` go to its path. */
function assign(items: Item[], name: string, moving: ReadonlySet<string> = new Set(), undo?: () => void): void {
  const category = getLive().categories.find((each) => (name ? each.name === name : each.id === 0));
  void runAction({
    name: t("act.category"),
    items,
    undo,
    guess: { category: category?.name ?? name, ...(category ? { categoryId: category.id } : {}) },
    send: sendApart(
      (key) => moving.has(key),
      (refs, moveFiles) => call("post", "/api/v1/downloads/category", { body: { items: refs, categoryName: name, moveFiles } }),
    ),
  });
}

/** Put answers together: it can be done if all of it can. */
export function joined<T extends Checked>(answers: T[]): T | null {
  const first = answers[0];
  if (!first) return null;
  return {
    ...first,
    canMove: answers.every((each) => each.canMove),
    destError: answers.map((each) => each.destError).find(Boolean) ?? null,
    results: answers.flatMap((each) => each.results),
  };
}

/** What a look at the disk says about moving. */
export function MoveCheck({ checked, ok }: { checked: Checked; ok: Key }) {
  const able = checked.results.filter((each) => each.canMove);
  const reasons = new Set(
    checked.results
      .filter((each) => !each.canMove)
      .map((each) => each.message ?? t(`reason.${each.reason}` as Key)),
  );
  return (
    <div className="stack">
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
