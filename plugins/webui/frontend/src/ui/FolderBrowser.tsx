/** The folders that there are on the daemon's machine: go up and down, and choose one. */
import { IconCornerLeftUp, IconFile, IconFolder } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { call, type Reply } from "../api/client";
import { useAsked } from "../api/useAsked";
import { t } from "../i18n";
import type { Browsing } from "./browseFolders";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Skeleton } from "./Parts";
import { within } from "./PathField";
import { Trouble } from "./Trouble";

type Folder = Reply<"/api/filesystem/browse", "post">;

export default function FolderBrowser({ start, files = false, onChoose, onClose }: Browsing & { onClose: () => void }) {
  const [at, setAt] = useState(start.trim());
  const asked = useAsked(at, (signal) => call("post", "/api/filesystem/browse", { body: { path: at, includeFiles: files }, signal }));
  const folder = asked.data;
  function choose(path: string) {
    onChoose(path);
    onClose();
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" disabled={!folder} onClick={() => folder && choose(folder.path)}>
        {t("folders.choose")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("folders.title")} onClose={onClose} foot={foot}>
      <p className="mono folder-path">
        {folder?.path ?? at}
      </p>
      {asked.error && <Trouble text={asked.error.message} action={t("folders.first")} onRetry={() => (at === "" ? asked.again() : setAt(""))} />}
      {!folder && !asked.error && <Skeleton lines={6} />}
      {folder && <Inside folder={folder} onOpen={setAt} onFile={choose} />}
    </Dialog>
  );
}

interface InsideProps {
  folder: Folder;
  onOpen: (path: string) => void;
  onFile: (path: string) => void;
}

function Inside({ folder, onOpen, onFile }: InsideProps) {
  const { path, parent, directories, files = [] } = folder;
  return (
    <>
      {!folder.writable && <p className="small tone-amber">{t("folders.readOnly")}</p>}
      <ul className="folder-list" aria-label={path}>
        {parent !== null && <Line icon={<IconCornerLeftUp size={18} aria-hidden />} text={t("folders.up")} onClick={() => onOpen(parent)} />}
        {directories.map((each) => (
          <Line key={each} icon={<IconFolder size={18} aria-hidden />} text={each} onClick={() => onOpen(within(path, each))} />
        ))}
        {files.map((each) => (
          <Line key={`${each} file`} icon={<IconFile size={18} aria-hidden />} text={each} onClick={() => onFile(within(path, each))} />
        ))}
      </ul>
      {directories.length + files.length === 0 && <p className="quiet">{t("folders.none")}</p>}
      {folder.more && <p className="quiet small">{t("folders.more")}</p>}
    </>
  );
}

function Line({ icon, text, onClick }: { icon: ReactNode; text: string; onClick: () => void }) {
  return (
    <li>
      <button type="button" className="menu-item" onClick={onClick}>
        {icon}
        <span className="truncate">{text}</span>
      </button>
    </li>
  );
}
