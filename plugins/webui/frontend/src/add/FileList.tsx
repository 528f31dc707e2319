/** The torrent files of the box: what was given, what of it is none, and a way to choose more. */
import { IconFileUpload, IconX } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { sorted, together, type Refused } from "./files";

export interface Files {
  torrents: File[];
  refused: Refused[];
  take: (files: Iterable<File>) => void;
  /** Take files out. */
  drop: (files: File[]) => void;
}

/** The files of the box, from those that it was opened with. */
export function useFiles(given: File[] | undefined): Files {
  const [torrents, setTorrents] = useState<File[]>([]);
  const [refused, setRefused] = useState<Refused[]>([]);
  const take = useCallback((files: Iterable<File>) => {
    void sorted([...files]).then((found) => {
      setTorrents((before) => together(before, found.torrents));
      setRefused(found.refused);
    });
  }, []);
  useEffect(() => {
    if (given && given.length > 0) take(given);
  }, [given, take]);
  const drop = (files: File[]) => setTorrents((before) => before.filter((each) => !files.includes(each)));
  return { torrents, refused, take, drop };
}

export function FileList({ files }: { files: Files }) {
  return (
    <div className="stack">
      <Picker onPick={files.take} />
      {files.torrents.length > 0 && (
        <ul className="add-files">
          {files.torrents.map((file) => (
            <li key={`${file.name} ${String(file.size)} ${String(file.lastModified)}`} className="badge">
              <span className="truncate">{file.name}</span>
              <button type="button" aria-label={t("add.removeFile", { name: file.name })} onClick={() => files.drop([file])}>
                <IconX size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {files.refused.length > 0 && (
        <div className="notice">
          <ul className="add-failed grow">
            {files.refused.map(({ name, reason }, at) => (
              <li key={at}>
                <div className="truncate mono small">{name}</div>
                <div className="small">{t(reason)}</div>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Picker({ onPick }: { onPick: (files: Iterable<File>) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div>
      <Button onClick={() => picker.current?.click()}>
        <IconFileUpload size={16} aria-hidden />
        {t("add.pick")}
      </Button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept=".torrent,application/x-bittorrent"
        aria-label={t("add.pick")}
        onChange={(event) => {
          onPick(event.target.files ?? []);
          event.target.value = "";
        }}
      />
    </div>
  );
}
