/** Another name for one item. */
import { useState } from "react";
import { call } from "../../api/client";
import type { Item } from "../../api/types";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { toast, toastError } from "../../ui/toasts";
import type { ItemsDialogProps } from "../acts";

const LONGEST = 255;

/** Whether the daemon will take a name. */
export function isName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && name.length <= LONGEST && !/[/\\\0]/.test(name);
}

function rename(item: Item, newName: string): Promise<unknown> {
  return call("post", "/api/v1/downloads/rename", { body: { fileHash: item.hash, instanceId: item.instanceId, newName } });
}

export default function RenameDialog({ items, onClose }: ItemsDialogProps) {
  const [item] = items;
  const [name, setName] = useState(item?.name ?? "");
  const good = isName(name.trim());
  function go() {
    if (!item || !good) return;
    rename(item, name.trim()).then(() => {
      onClose();
      toast(`${t("rename.title")}: ${name.trim()}`, () => void rename(item, item.name).catch(toastError));
    }, toastError);
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={!good || name.trim() === item?.name}>
        {t("rename.title")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("rename.title")} onClose={onClose} onSubmit={go} foot={foot} dirty={name.trim() !== (item?.name ?? "")}>
      <TextField
        label={t("rename.name")}
        value={name}
        wrong={good || name === "" ? null : t("rename.wrong")}
        // the dialog is this field
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        onChange={(event) => setName(event.target.value)}
      />
    </Dialog>
  );
}
