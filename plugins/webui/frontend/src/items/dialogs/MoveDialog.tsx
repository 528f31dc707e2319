/** Move data to a path; the move can be asked for once a look at the disk says that it can be done. */
import { useEffect, useState } from "react";
import { call } from "../../api/client";
import type { Schemas } from "../../api/types";
import { useAsked } from "../../api/useAsked";
import { t } from "../../i18n";
import { getLive, useLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Facts, Skeleton, type Fact } from "../../ui/Parts";
import { PathField } from "../../ui/PathField";
import { Trouble } from "../../ui/Trouble";
import type { ItemsDialogProps } from "../acts";
import { askInChunks } from "../bulk";
import { runAction } from "../run";
import { joined, MoveCheck } from "./CategoryDialog";

const WAIT_MS = 400;

export default function MoveDialog({ items, onClose }: ItemsDialogProps) {
  const paths = useLive((live) => [...new Set(live.categories.flatMap((each) => each.path || []))], same);
  const [path, setPath] = useState(items[0]?.directory ?? "");
  const destPath = path.trim();
  const settled = useSettled(destPath);
  const check = useAsked(settled, async (signal) =>
    settled === "" ? null : joined(await askInChunks(items, (refs) => call("post", "/api/v1/permissions/move-to", { body: { items: refs, destPath: settled }, signal }))),
  );
  const checked = settled === destPath ? check.data : null;
  function go() {
    if (!checked?.canMove) return;
    onClose();
    void runAction({
      name: t("move.started", { count: items.length }),
      items,
      say: true,
      send: (refs) => call("post", "/api/v1/downloads/move", { body: { items: refs, destPath } }),
    });
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={!checked?.canMove}>
        {t("move.yes")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("move.title", { count: items.length })} onClose={onClose} onSubmit={go} foot={foot} dirty={path !== (items[0]?.directory ?? "")}>
      <PathField label={t("move.path")} help={t("move.pathHelp")} offered={paths} value={path} onChange={setPath} />
      {checked && <Places checked={checked} />}
      {check.error && settled === destPath && <Trouble text={check.error.message} onRetry={check.again} />}
      {destPath !== "" && !checked && !check.error && <Skeleton lines={2} />}
      {checked && <MoveCheck checked={checked} ok="move.ok" />}
    </Dialog>
  );
}

/** The path as the clients see it, and where that is for this daemon: for each client in its own way. */
function Places({ checked }: { checked: Schemas["MoveToPermissions"] }) {
  const { instances } = getLive();
  const here = new Map(checked.results.flatMap((each) => (each.targetPath ? [[each.instanceId ?? "", each.targetPath] as const] : [])));
  const single = new Set(here.values()).size === 1;
  const facts = [...here].map(([id, path]): Fact => [single ? t("move.here") : t("move.hereOf", { name: instances[id]?.name ?? id }), <span className="mono">{path}</span>]);
  return <Facts facts={[[t("move.there"), <span className="mono">{checked.destPath}</span>], ...(single ? facts.slice(0, 1) : facts)]} />;
}

/** What was typed, once nobody types any more. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function same(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
