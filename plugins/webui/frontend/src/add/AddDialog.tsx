/** The box that takes anything: magnets, ED2K links and torrent files, many at once. */
import { IconFileUpload, IconX } from "@tabler/icons-react";
import { useMemo, useRef, useState, type ClipboardEvent, type DragEvent } from "react";
import { t } from "../i18n";
import { useInstances } from "../live/hooks";
import { useLive } from "../live/store";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Check, SelectField, TextArea, TextField } from "../ui/Field";
import { toast, toastError } from "../ui/toasts";
import "./add.css";
import { LinkHandlers } from "./LinkHandlers";
import { linksIn, takersOf, type Kind } from "./links";
import type { Given } from "./open";
import { sendFile, sendLinks, type Outcome } from "./send";

type Sendable = Exclude<Kind, "unknown">;

const KINDS: Sendable[] = ["magnet", "ed2k", "torrent"];

interface AddDialogProps {
  given: Given;
  onClose: () => void;
}

export default function AddDialog({ given, onClose }: AddDialogProps) {
  const instances = useInstances();
  const categories = useLive((live) => live.categories);
  const [text, setText] = useState(given.text ?? "");
  const [files, setFiles] = useState<File[]>(given.files ?? []);
  const [chosen, setChosen] = useState<Partial<Record<Sendable, string>>>({});
  const [category, setCategory] = useState("");
  const [path, setPath] = useState("");
  const [paused, setPaused] = useState(false);
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState<Outcome[]>([]);
  const links = useMemo(() => linksIn(text), [text]);

  const takers = Object.fromEntries(KINDS.map((kind) => [kind, takersOf(kind, instances)])) as Record<
    Sendable,
    ReturnType<typeof takersOf>
  >;
  const counts = Object.fromEntries(
    KINDS.map((kind) => [kind, kind === "torrent" ? files.length : links.filter((each) => each.kind === kind).length]),
  ) as Record<Sendable, number>;
  const target = (kind: Sendable) => chosen[kind] ?? takers[kind][0]?.[0];
  const wanted = KINDS.filter((kind) => counts[kind] > 0);
  const ready = wanted.filter((kind) => target(kind) !== undefined);
  const canPath = ready.some((kind) => instances.find(([id]) => id === target(kind))?.[1].capabilities["customSavePath"]);

  function take(list: FileList | null): boolean {
    const more = [...(list ?? [])];
    if (more.length > 0) setFiles((before) => [...before, ...more]);
    return more.length > 0;
  }
  function drop(event: DragEvent) {
    if (!take(event.dataTransfer.files)) return;
    event.preventDefault();
    event.stopPropagation();
  }
  function paste(event: ClipboardEvent) {
    if (take(event.clipboardData.files)) event.preventDefault();
  }
  async function send() {
    setSending(true);
    const outcomes: Outcome[] = [];
    for (const kind of ready) {
      const to = instances.find(([id]) => id === target(kind));
      const savePath = to?.[1].capabilities["customSavePath"] ? path.trim() : "";
      const where = { instanceId: target(kind) ?? "", categoryName: category, savePath, paused };
      if (kind === "torrent") for (const file of files) outcomes.push(await sendFile(file, where));
      else outcomes.push(...(await sendLinks(links.filter((each) => each.kind === kind), kind, where)));
    }
    setSending(false);
    finish(outcomes);
  }
  /** What went in is gone from the box; what did not stays, to be put right. */
  function finish(outcomes: Outcome[]) {
    const bad = outcomes.filter((each) => each.error !== null);
    const good = new Set(outcomes.filter((each) => each.error === null).map((each) => each.name));
    if (good.size > 0) toast(t("add.done", { count: outcomes.length - bad.length }));
    const rest = links.filter((each) => !good.has(each.text)).map((each) => each.text);
    setText(rest.join("\n"));
    setFiles((before) => before.filter((each) => !good.has(each.name)));
    setFailed(bad);
    if (bad.length === 0 && rest.length === 0) onClose();
  }

  const summary = [
    ...wanted.map((kind) => {
      const name = instances.find(([id]) => id === target(kind))?.[1].name;
      return name === undefined
        ? t(`add.summary.noTaker.${kind}`)
        : t(`add.summary.${kind}`, { count: counts[kind], name });
    }),
    ...unknownIn(links.filter((each) => each.kind === "unknown").length),
  ].join(", ");

  const foot = (
    <>
      <span className="grow quiet small">
        {summary}
      </span>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={sending || ready.length === 0}>
        {t(sending ? "add.sending" : "add.submit")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("add.title")} onClose={onClose} foot={foot} onSubmit={() => void send().catch(toastError)}>
      <TextArea
        label={t("add.links")}
        help={t("add.linksHelp")}
        rows={5}
        spellCheck={false}
        className="mono"
        value={text}
        // the box is opened to put links into it
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onDrop={drop}
        onDragOver={(event) => event.preventDefault()}
        onPaste={paste}
      />
      <Files files={files} onChange={setFiles} onPick={take} />
      {failed.length > 0 && <Failed outcomes={failed} />}
      {wanted.map(
        (kind) =>
          takers[kind].length > 1 && (
            <SelectField
              key={kind}
              label={t(`add.client.${kind}`)}
              value={target(kind) ?? ""}
              options={takers[kind].map(([id, each]) => [id, each.connected ? each.name : t("add.away", { name: each.name })])}
              onChange={(id) => setChosen({ ...chosen, [kind]: id })}
            />
          ),
      )}
      <SelectField
        label={t("add.category")}
        value={category}
        options={[["", t("add.noCategory")], ...categories.filter((each) => each.id !== 0).map((each) => [each.name, each.name] as const)]}
        onChange={setCategory}
      />
      {canPath && (
        <TextField
          label={t("add.path")}
          help={t("add.pathHelp")}
          placeholder={categories.find((each) => each.name === category)?.path}
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
      )}
      <Check label={t("add.paused")} checked={paused} onChange={setPaused} />
      <details>
        <summary className="quiet">{t("handlers.title")}</summary>
        <LinkHandlers />
      </details>
    </Dialog>
  );
}

function unknownIn(count: number): string[] {
  return count > 0 ? [t("add.summary.unknown", { count })] : [];
}

interface FilesProps {
  files: File[];
  onChange: (files: File[]) => void;
  onPick: (files: FileList | null) => boolean;
}

function Files({ files, onChange, onPick }: FilesProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <div className="stack">
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
            onPick(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      {files.length > 0 && (
        <ul className="add-files">
          {files.map((file) => (
            <li key={`${file.name} ${String(file.lastModified)}`} className="badge">
              <span className="truncate">{file.name}</span>
              <button
                type="button"
                aria-label={t("add.removeFile", { name: file.name })}
                onClick={() => onChange(files.filter((each) => each !== file))}
              >
                <IconX size={14} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Failed({ outcomes }: { outcomes: Outcome[] }) {
  return (
    <div className="notice bad">
      <div className="grow">
        <strong>{t("add.failed", { count: outcomes.length })}</strong>
        <ul className="add-failed">
          {outcomes.map((each) => (
            <li key={each.name}>
              <div className="truncate mono small">{each.name}</div>
              <div className="small">{each.error}</div>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
