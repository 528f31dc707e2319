/** A path on the machine of the daemon; admins are offered the folders that there are, while typing and by looking around. */
import { IconFolderSearch } from "@tabler/icons-react";
import { useEffect, useId, useState, type ReactNode } from "react";
import { call } from "../api/client";
import { may } from "../api/me";
import { t } from "../i18n";
import { IconButton } from "./Button";
import { TextField } from "./Field";
import { browseFolders } from "./browseFolders";
import "./forms.css";

interface PathFieldProps {
  label: string;
  help?: ReactNode;
  value: string;
  onChange: (path: string) => void;
  placeholder?: string | undefined;
  wrong?: ReactNode;
  disabled?: boolean;
  required?: boolean;
  /** Files can be chosen, too. */
  files?: boolean;
  /** Further places to offer. */
  offered?: readonly string[];
}

const WAIT_MS = 150;

export function PathField({ onChange, files = false, offered = [], ...rest }: PathFieldProps) {
  const list = useId();
  const { value, disabled = false } = rest;
  const [asking, setAsking] = useState(false);
  const near = useNear(value.slice(0, value.lastIndexOf("/") + 1), asking);
  return (
    <div className="path-field">
      <TextField
        {...rest}
        className="mono"
        list={list}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onFocus={() => setAsking(true)}
        onBlur={() => setAsking(false)}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {[...new Set([...offered, ...near])].map((each) => (
          <option key={each} value={each} aria-label={each} />
        ))}
      </datalist>
      {may("admin") && !disabled && (
        <IconButton label={t("folders.browseFor", { name: rest.label })} look="normal" onClick={() => browseFolders({ start: value, files, onChoose: onChange })}>
          <IconFolderSearch size={18} aria-hidden />
        </IconButton>
      )}
    </div>
  );
}

/** The folders in a folder, while somebody types. */
function useNear(parent: string, asking: boolean): string[] {
  const [near, setNear] = useState<string[]>([]);
  useEffect(() => {
    if (!asking || !may("admin")) return;
    const stop = new AbortController();
    const wait = setTimeout(() => {
      const body = { path: parent };
      call("post", "/api/filesystem/browse", { body, signal: stop.signal }).then(
        ({ path, directories }) => setNear(directories.map((each) => within(path, each))),
        () => setNear([]), // a path of another machine has nothing to offer
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }, [parent, asking]);
  return near;
}

/** The path of a name in a folder. */
export function within(folder: string, name: string): string {
  return `${folder.replace(/\/$/, "")}/${name}`;
}
