/** A path on the machine of the daemon; admins are offered the folders that there are. */
import { useEffect, useId, useState } from "react";
import { call } from "../../api/client";
import { may } from "../../api/me";
import { TextField } from "../../ui/Field";

interface PathFieldProps {
  label: string;
  help?: string;
  value: string;
  onChange: (path: string) => void;
  placeholder?: string | undefined;
  wrong?: string | undefined;
}

const WAIT_MS = 150;

export function PathField({ onChange, ...rest }: PathFieldProps) {
  const list = useId();
  const { value } = rest;
  const [near, setNear] = useState<string[]>([]);
  const [asking, setAsking] = useState(false);
  const parent = value.slice(0, value.lastIndexOf("/") + 1);
  useEffect(() => {
    if (!asking || !may("admin")) return;
    const stop = new AbortController();
    const wait = setTimeout(() => {
      const body = { path: parent };
      call("post", "/api/filesystem/browse", { body, signal: stop.signal }).then(
        ({ path, directories }) => setNear(directories.map((each) => (each.startsWith("/") ? each : `${path.replace(/\/$/, "")}/${each}`))),
        () => setNear([]), // a path of another machine has nothing to offer
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }, [parent, asking]);
  return (
    <>
      <TextField
        {...rest}
        className="mono"
        list={list}
        autoComplete="off"
        spellCheck={false}
        onFocus={() => setAsking(true)}
        onBlur={() => setAsking(false)}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {near.map((each) => (
          <option key={each} value={each} aria-label={each} />
        ))}
      </datalist>
    </>
  );
}
