/** The box that takes anything: magnets, ED2K links and torrent files, many at once. */
import { useEffect, useMemo, useRef, useState, type ClipboardEvent } from "react";
import { t } from "../i18n";
import { CategoryChoice } from "../items/CategoryChoice";
import { useInstances } from "../live/hooks";
import { useLive } from "../live/store";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Check, SelectField, TextArea } from "../ui/Field";
import { PathField } from "../ui/PathField";
import { openSummary } from "../ui/Summary";
import { toast, toastError } from "../ui/toasts";
import "./add.css";
import { FileList, useFiles } from "./FileList";
import { LinkHandlers } from "./LinkHandlers";
import { linksIn, takersOf, type Kind } from "./links";
import { takeGiven, type Given } from "./open";
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
  const files = useFiles(given.files);
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
    KINDS.map((kind) => [kind, kind === "torrent" ? files.torrents.length : links.filter((each) => each.kind === kind).length]),
  ) as Record<Sendable, number>;
  const target = (kind: Sendable) => chosen[kind] ?? takers[kind][0]?.[0];
  const wanted = KINDS.filter((kind) => counts[kind] > 0);
  const ready = wanted.filter((kind) => target(kind) !== undefined);
  const canPath = ready.some((kind) => instances.find(([id]) => id === target(kind))?.[1].capabilities["customSavePath"]);

  const more = files.torrents.some((each) => !given.files?.includes(each));
  const dirty = sending || more || path.trim() !== "" || text.trim() !== (given.text ?? "").trim();
  const { take } = files;
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => {
      open.current = false;
    };
  }, []);
  useEffect(
    () =>
      takeGiven((more) => {
        if (more.files?.length) take(more.files);
        if (more.text?.trim()) setText((before) => [before.trim(), more.text].filter(Boolean).join("\n"));
      }),
    [take],
  );
  function paste(event: ClipboardEvent) {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    take([...event.clipboardData.files]);
  }
  async function send() {
    setSending(true);
    const outcomes: Outcome[] = [];
    for (const kind of ready) {
      const to = instances.find(([id]) => id === target(kind));
      const savePath = to?.[1].capabilities["customSavePath"] ? path.trim() : "";
      const where = { instanceId: target(kind) ?? "", categoryName: category, savePath, paused };
      if (kind === "torrent") for (const file of files.torrents) outcomes.push(await sendFile(file, where));
      else outcomes.push(...(await sendLinks(links.filter((each) => each.kind === kind), kind, where)));
    }
    setSending(false);
    finish(outcomes);
  }
  /** What went in is gone from the box; what did not stays, to be put right. Where the box was closed, it is told. */
  function finish(outcomes: Outcome[]) {
    const bad = outcomes.filter((each) => each.error !== null);
    const done = outcomes.filter((each) => each.error === null);
    const good = new Set(done.map((each) => each.name));
    if (done.length > 0) toast(t("add.done", { count: done.length }));
    if (!open.current && bad.length > 0) {
      const failures = bad.map(({ name, error }) => ({ name, error: error ?? "" }));
      openSummary({ name: t("add.title"), done: done.length, failed: failures, untried: 0 });
      return;
    }
    const rest = links.filter((each) => !good.has(each.text)).map((each) => each.text);
    setText(rest.join("\n"));
    files.drop(done.flatMap((each) => each.file ?? []));
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
    <Dialog title={t("add.title")} onClose={onClose} foot={foot} dirty={dirty} onSubmit={() => void send().catch(toastError)}>
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
        onPaste={paste}
      />
      <FileList files={files} />
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
      <CategoryChoice label={t("add.category")} value={category} onChange={setCategory} />
      {canPath && (
        <PathField
          label={t("add.path")}
          help={t("add.pathHelp")}
          placeholder={categories.find((each) => each.name === category)?.path}
          value={path}
          onChange={setPath}
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

function Failed({ outcomes }: { outcomes: Outcome[] }) {
  return (
    <div className="notice bad">
      <div className="grow">
        <strong>{t("add.failed", { count: outcomes.length })}</strong>
        <ul className="add-failed">
          {outcomes.map((each, at) => (
            <li key={at}>
              <div className="truncate mono small">{each.name}</div>
              <div className="small">{each.error}</div>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
