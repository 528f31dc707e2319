/** Move data to a path; the move can be asked for when a look at the disk says that it can be done. */
import { useId, useState } from "react";
import { call } from "../../api/client";
import type { Schemas } from "../../api/types";
import { t } from "../../i18n";
import { useLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { toastError } from "../../ui/toasts";
import type { ItemsDialogProps } from "../acts";
import { askInChunks } from "../bulk";
import { runAction } from "../run";
import { joined, MoveCheck } from "./CategoryDialog";

export default function MoveDialog({ items, onClose }: ItemsDialogProps) {
  const list = useId();
  const paths = useLive((live) => [...new Set(live.categories.map((each) => each.path).filter(Boolean))], same);
  const [path, setPath] = useState(items[0]?.directory ?? "");
  const [checked, setChecked] = useState<Schemas["MoveToPermissions"] | null>(null);
  const ready = checked?.canMove === true && checked.destPath !== null;
  function check() {
    const ask = askInChunks(items, (refs) =>
      call("post", "/api/v1/permissions/move-to", { body: { items: refs, destPath: path.trim() } }),
    );
    ask.then((answers) => setChecked(joined(answers)), toastError);
  }
  function go() {
    if (!ready) {
      check();
      return;
    }
    onClose();
    void runAction({
      name: t("move.started", { count: items.length }),
      items,
      say: true,
      send: (refs) => call("post", "/api/v1/downloads/move", { body: { items: refs, destPath: path.trim() } }),
    });
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look={ready ? "primary" : "normal"} type="submit" disabled={path.trim() === ""}>
        {t(ready ? "move.yes" : "move.check")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("move.title", { count: items.length })} onClose={onClose} onSubmit={go} foot={foot} dirty={path !== (items[0]?.directory ?? "")}>
      <TextField
        label={t("move.path")}
        help={t("move.pathHelp")}
        list={list}
        className="mono"
        value={path}
        onChange={(event) => {
          setPath(event.target.value);
          setChecked(null);
        }}
      />
      <datalist id={list}>
        {paths.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      {checked && <MoveCheck checked={checked} ok="move.ok" />}
    </Dialog>
  );
}

function same(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
