/** The files of an item: sizes, progress, and which of them are wanted. */
import { useState } from "react";
import { call } from "../../api/client";
import { may } from "../../api/me";
import type { Item, Schemas } from "../../api/types";
import { bytes, exactBytes } from "../../format/units";
import { t, type Key } from "../../i18n";
import { useInstance } from "../../live/hooks";
import { Button } from "../../ui/Button";
import { Progress, Skeleton } from "../../ui/Parts";
import { toastError } from "../../ui/toasts";
import { mayChange } from "../abilities";
import { useFiles } from "./useDetail";

type File = Schemas["FileEntry"];
type Priority = NonNullable<File["priority"]>;

const PRIORITIES: Priority[] = [2, 1, 0];
const MOST = 300;

export default function FilesTab({ item }: { item: Item }) {
  const { data, error, again } = useFiles(item);
  const [all, setAll] = useState(false);
  const can = useInstance(item.instanceId)?.capabilities["filePriority"] === true;
  const changes = can && may("edit_downloads") && mayChange(item);
  function set(files: number[], priority: Priority) {
    const body = { instanceId: item.instanceId, files, priority };
    call("put", "/api/item/files/{hash}", { path: { hash: item.hash }, body }).then(again, toastError);
  }
  if (!data) return error ? <p className="wrong">{error.message}</p> : <Skeleton lines={6} />;
  const shown = all ? data.files : data.files.slice(0, MOST);
  const everything = data.files.map((each) => each.index);
  return (
    <div className="stack">
      {changes && data.files.length > 1 && (
        <div className="row wrap">
          {PRIORITIES.map((each) => (
            <Button key={each} onClick={() => set(everything, each)}>
              {t("panel.allFiles", { priority: t(`filePriority.${String(each)}` as Key) })}
            </Button>
          ))}
        </div>
      )}
      <ul>
        {shown.map((file) => (
          <FileRow key={file.index} file={file} onSet={changes ? (priority) => set([file.index], priority) : null} />
        ))}
      </ul>
      {shown.length < data.files.length && (
        <Button onClick={() => setAll(true)}>{t("panel.showAll", { count: data.files.length })}</Button>
      )}
    </div>
  );
}

interface FileRowProps {
  file: File;
  onSet: ((priority: Priority) => void) | null;
}

function FileRow({ file, onSet }: FileRowProps) {
  const priority = file.priority ?? 1;
  return (
    <li className="panel-line">
      <div className="grow">
        <div className={priority === 0 ? "quiet" : ""} style={{ overflowWrap: "anywhere" }}>
          {file.path}
        </div>
        <div className="row small number">
          <span title={exactBytes(file.size)}>{bytes(file.size)}</span>
          <Progress value={file.progress} label={file.path} tone={file.progress >= 100 ? "green" : "blue"} />
        </div>
      </div>
      {onSet ? (
        <select
          className="input"
          style={{ width: 104, flex: "none" }}
          aria-label={`${t("column.priority")}: ${file.path}`}
          value={String(priority)}
          onChange={(event) => onSet(Number(event.target.value) as Priority)}
        >
          {PRIORITIES.map((each) => (
            <option key={each} value={String(each)}>
              {t(`filePriority.${String(each)}` as Key)}
            </option>
          ))}
        </select>
      ) : (
        <span className="small quiet">{t(`filePriority.${String(priority)}` as Key)}</span>
      )}
    </li>
  );
}
