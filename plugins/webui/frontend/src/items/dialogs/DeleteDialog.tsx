/** Delete: says what exactly will be gone, from a look at the disk, before anything is. The safe answer has the focus. */
import { useEffect, useMemo, useRef, useState } from "react";
import { call } from "../../api/client";
import type { Item, Schemas } from "../../api/types";
import { bytes } from "../../format/units";
import { t, type Key } from "../../i18n";
import { keyOf } from "../../live/state";
import { getLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Skeleton } from "../../ui/Parts";
import { Switch } from "../../ui/Switch";
import { toastError } from "../../ui/toasts";
import type { ItemsDialogProps } from "../acts";
import { CHUNK, refOf } from "../bulk";
import { runAction } from "../run";

type Permission = Schemas["DeletePermission"];

const SHOWN = 5;

/** What deleting these items means, by what their clients do. */
export function consequences(items: Item[]): { forced: boolean; partial: Item[] } {
  const { instances } = getLive();
  const has = (item: Item, capability: string) => instances[item.instanceId]?.capabilities[capability] === true;
  return {
    forced: items.some((each) => each.shared && each.complete && has(each, "removeSharedMustDeleteFiles")),
    partial: items.filter((each) => !each.complete && has(each, "cancelDeletesFiles")),
  };
}

export default function DeleteDialog({ items, onClose }: ItemsDialogProps) {
  const { forced, partial } = useMemo(() => consequences(items), [items]);
  const possible = items.some((each) => getLive().instances[each.instanceId]?.capabilities["removeWithFiles"]);
  const [asked, setAsked] = useState(false);
  const withFiles = asked || forced;
  const checked = useCheck(items);
  const safe = useRef<HTMLButtonElement>(null);
  const blocked = withFiles ? (checked ?? []).filter((each) => !each.canDelete) : [];
  function go() {
    onClose();
    void runAction({
      name: t("act.delete"),
      items,
      say: true,
      send: (refs) => call("post", "/api/v1/downloads/delete", { body: { items: refs, deleteFiles: withFiles } }),
    });
  }
  const foot = (
    <>
      <Button ref={safe} onClick={onClose}>
        {t("action.cancel")}
      </Button>
      <Button look="danger" disabled={withFiles && checked === null} onClick={go}>
        {t(withFiles ? "delete.yesFiles" : "delete.yes")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("delete.title", { count: items.length })} onClose={onClose} foot={foot} focus={safe}>
      <Names names={items.map((each) => each.name)} />
      {possible && (
        <Switch label={t("delete.files")} checked={withFiles} disabled={forced} onChange={setAsked} />
      )}
      {forced && <p className="notice">{t("delete.filesForced")}</p>}
      {partial.length > 0 && <p className="notice">{t("delete.partial", { count: partial.length })}</p>}
      {withFiles ? <Gone items={items} checked={checked} /> : <p className="quiet">{t("delete.keeps")}</p>}
      {blocked.length > 0 && <Blocked items={items} blocked={blocked} />}
    </Dialog>
  );
}

/** Ask what can be deleted; null until that is known. */
function useCheck(items: Item[]): Permission[] | null {
  const [found, setFound] = useState<Permission[] | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    async function ask() {
      const all: Permission[] = [];
      for (let start = 0; start < items.length; start += CHUNK) {
        const body = { items: items.slice(start, start + CHUNK).map(refOf) };
        all.push(...(await call("post", "/api/v1/permissions/delete", { body, signal: stop.signal })).results);
      }
      setFound(all);
    }
    ask().catch(toastError);
    return () => stop.abort();
  }, [items]);
  return found;
}

function Gone({ items, checked }: { items: Item[]; checked: Permission[] | null }) {
  if (checked === null) {
    return (
      <div aria-label={t("delete.checking")}>
        <Skeleton lines={2} />
      </div>
    );
  }
  const can = new Set(checked.filter((each) => each.canDelete).map((each) => `${each.instanceId ?? ""}:${each.fileHash}`));
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
    const name = items.find((item) => item.hash === each.fileHash)?.name ?? each.fileHash;
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
