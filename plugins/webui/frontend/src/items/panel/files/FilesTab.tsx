/** The files of an item: sizes, progress, and which of them are wanted; a tree, a filter and totals where there are many. */
import { IconSearch } from "@tabler/icons-react";
import { useDeferredValue, useMemo, useState } from "react";
import { call } from "../../../api/client";
import { may } from "../../../api/me";
import type { Item } from "../../../api/types";
import { bytes } from "../../../format/units";
import { t } from "../../../i18n";
import { useInstance } from "../../../live/hooks";
import { Failed } from "../../../ui/Loaded";
import { Skeleton } from "../../../ui/Parts";
import { toastError } from "../../../ui/toasts";
import { mayChange } from "../../abilities";
import { wordsOf } from "../../words";
import { useFiles } from "../useDetail";
import { FileTree } from "./FileTree";
import { PriorityField } from "./PriorityField";
import { openAtFirst, prioritised, rowsOf, treeOf, wanted, type Folder, type Priority } from "./tree";
import "./files.css";

const MANY = 8;

export default function FilesTab({ item }: { item: Item }) {
  const { data, error, again, set } = useFiles(item);
  const [text, setText] = useState("");
  const sought = useDeferredValue(text);
  const can = useInstance(item.instanceId)?.capabilities["filePriority"] === true;
  const changes = can && may("edit_downloads") && mayChange(item);
  const files = data?.files;
  const root = useMemo(() => (files ? treeOf(wanted(files, wordsOf(sought))) : null), [files, sought]);
  function change(indexes: number[], priority: Priority) {
    if (!files) return;
    set({ files: prioritised(files, indexes, priority) });
    const body = { instanceId: item.instanceId, files: indexes, priority };
    call("put", "/api/item/files/{hash}", { path: { hash: item.hash }, body })
      .catch(toastError)
      .finally(again);
  }
  if (!files || !root) return error ? <Failed error={error} again={again} /> : <Skeleton lines={6} />;
  if (files.length === 0) return <p className="quiet">{t("panel.noFiles")}</p>;
  return (
    <div className="panel-fill">
      {files.length > 1 && (
        <div className="panel-bar">
          {files.length > MANY && <FindFile text={text} onFind={setText} />}
          <span className="small quiet number grow">{totals(root, files.length)}</span>
          {changes && root.files.length > 0 && (
            <PriorityField
              label={t("panel.allFiles", { count: root.files.length })}
              value={root.priority}
              onSet={(priority) => change(root.files, priority)}
            />
          )}
        </div>
      )}
      {root.files.length === 0 ? (
        <p className="quiet files-none">{t("panel.noFileFits")}</p>
      ) : (
        <Folders key={sought} root={root} found={sought !== ""} onSet={changes ? change : null} />
      )}
    </div>
  );
}

function totals(root: Folder, all: number): string {
  const count = root.files.length;
  const some = count < all ? t("panel.filesShown", { shown: count, count: all }) : t("panel.fileCount", { count });
  return `${some} · ${bytes(root.size)}`;
}

function FindFile({ text, onFind }: { text: string; onFind: (text: string) => void }) {
  return (
    <span className="panel-find">
      <IconSearch size={16} aria-hidden />
      <input
        type="search"
        className="input"
        aria-label={t("panel.findFile")}
        placeholder={t("panel.findFile")}
        value={text}
        onChange={(event) => onFind(event.target.value)}
      />
    </span>
  );
}

interface FoldersProps {
  root: Folder;
  /** These are the results of a search: all of them are in sight. */
  found: boolean;
  onSet: ((files: number[], priority: Priority) => void) | null;
}

/** The tree with what of it is open. */
function Folders({ root, found, onSet }: FoldersProps) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(NONE);
  const rows = useMemo(() => {
    const atFirst = found ? () => true : openAtFirst(root);
    return rowsOf(root, (path) => atFirst(path) !== toggled.has(path));
  }, [root, found, toggled]);
  const toggle = (path: string) => setToggled((before) => turned(before, path));
  return <FileTree rows={rows} onToggle={toggle} onSet={onSet} />;
}

const NONE: ReadonlySet<string> = new Set();

function turned(before: ReadonlySet<string>, path: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(path)) after.add(path);
  return after;
}
