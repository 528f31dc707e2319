/** Delete: says what exactly will be gone, from a look at the disk, before anything is. The safe answer has the focus. */
import { useMemo, useRef, useState } from "react";
import { call } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import type { Item, Schemas } from "../../api/types";
import { bytes } from "../../format/units";
import { t, type Key } from "../../i18n";
import { keyOf } from "../../live/state";
import { getLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Skeleton } from "../../ui/Parts";
import { Switch } from "../../ui/Switch";
import { Trouble } from "../../ui/Trouble";
import type { ItemsDialogProps } from "../acts";
import { askInChunks, sendApart } from "../bulk";
import { runAction } from "../run";

type Permission = Schemas["DeletePermission"];

const SHOWN = 5;

/** What deleting these items means, by what their clients do: whose files go in any case, and whose parts are lost. */
export function consequences(items: Item[]): { forced: Item[]; partial: Item[] } {
  const { instances } = getLive();
  const has = (item: Item, capability: string) => instances[item.instanceId]?.capabilities[capability] === true;
  return {
    forced: items.filter((each) => each.shared && each.complete && has(each, "removeSharedMustDeleteFiles")),
    partial: items.filter((each) => !each.complete && has(each, "cancelDeletesFiles")),
  };
}

export default function DeleteDialog({ items, onClose }: ItemsDialogProps) {
  const { forced, partial } = useMemo(() => consequences(items), [items]);
  const possible = items.some((each) => getLive().instances[each.instanceId]?.capabilities["removeWithFiles"]);
  const [asked, setAsked] = useState(false);
  const going = asked ? items : forced;
  const keys = new Set(going.map(keyOf));
  const check = useAsked("delete", (signal) =>
    askInChunks(items, (refs) => call("post", "/api/v1/permissions/delete", { body: { items: refs }, signal })),
  );
  const checked = check.data?.flatMap((each) => each.results).filter((each) => keys.has(keyOfResult(each))) ?? null;
  const safe = useRef<HTMLButtonElement>(null);
  const blocked = (checked ?? []).filter((each) => !each.canDelete);
  const kept = items.length - new Set([...going, ...partial]).size;
  function go() {
    onClose();
    void runAction({
      name: t("act.delete"),
      items,
      say: true,
      send: sendApart(
        (key) => keys.has(key),
        (refs, deleteFiles) => call("post", "/api/v1/downloads/delete", { body: { items: refs, deleteFiles } }),
      ),
    });
  }
  const foot = (
    <>
      <Button ref={safe} onClick={onClose}>
        {t("action.cancel")}
      </Button>
      <Button look="danger" disabled={going.length > 0 && checked === null} onClick={go}>
        {t(going.length > 0 ? "delete.yesFiles" : "delete.yes")}
      </Button>
    </>
  );
  const all = forced.length === items.length;
  const lost = partial.reduce((sum, each) => sum + (each.sizeDownloaded ?? 0), 0);
  return (
    <Dialog title={t("delete.title", { count: items.length })} onClose={onClose} foot={foot} focus={safe}>
      <Names names={items.map((each) => each.name)} />
      {possible && <Switch label={t("delete.files")} checked={asked || all} disabled={all} onChange={setAsked} />}
      {forced.length > 0 && <p className="notice">{t("delete.filesForced", { count: forced.length })}</p>}
      {partial.length > 0 && <p className="notice">{t("delete.partial", { count: partial.length, size: bytes(lost) })}</p>}
      {going.length > 0 && (check.error ? <Trouble text={check.error.message} onRetry={check.again} /> : <Gone items={going} checked={checked} />)}
      {kept > 0 && <p className="quiet">{t(kept === items.length ? "delete.keeps" : "delete.keepsOthers", { count: kept })}</p>}
      {blocked.length > 0 && <Blocked items={items} blocked={blocked} />}
    </Dialog>
  );
}

function keyOfResult(each: Permission): string {
  return `${each.instanceId ?? ""}:${each.fileHash}`;
}

function Gone({ items, checked }: { items: Item[]; checked: Permission[] | null }) {
  if (checked === null) {
    return (
      <div aria-label={t("delete.checking")}>
        <Skeleton lines={2} />
      </div>
    );
  }
  const can = new Set(checked.filter((each) => each.canDelete).map(keyOfResult));
  const gone = items.filter((each) => can.has(keyOf(each)));
  const size = gone.reduce((sum, each) => sum + (each.sizeDownloaded ?? each.size), 0);
  const paths = checked.flatMap((each) => (each.canDelete && each.path ? [each.path] : []));
  return (
    <>
      <p className="notice bad">{t("delete.willDelete", { count: gone.length, size: bytes(size) })}</p>
      <Names names={paths} mono />
    </>
  );
}

function Blocked({ items, blocked }: { items: Item[]; blocked: Permission[] }) {
  const names = blocked.map((each) => {
    const name = items.find((item) => keyOf(item) === keyOfResult(each))?.name ?? each.fileHash;
    return `${name}: ${each.message ?? t(`reason.${each.reason}` as Key)}`;
  });
  return (
    <div className="stack">
      <p className="wrong">{t("delete.cannot", { count: blocked.length })}</p>
      <Names names={names} />
    </div>
  );
}

export function Names({ names, mono = false }: { names: string[]; mono?: boolean }) {
  const more = names.length - SHOWN;
  return (
    <ul className={mono ? "mono small" : ""} style={{ overflowWrap: "anywhere" }}>
      {names.slice(0, SHOWN).map((each, index) => (
        <li key={index}>{each}</li>
      ))}
      {more > 0 && <li className="quiet">{t("delete.andMore", { count: more })}</li>}
    </ul>
  );
}
