/** Add or edit a client: the fields of its type, as the plugin describes them, and those that every client has. */
import { useState } from "react";
import { getLanguage, t } from "../../../i18n";
import { colorOf } from "../../../items/colors";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { showDialog } from "../../../ui/dialogs";
import { SelectField, TextField } from "../../../ui/Field";
import { SchemaForm, type FormField } from "../../../ui/SchemaForm";
import { Switch } from "../../../ui/Switch";
import { useTrial, type Entry, type Known, type Tested } from "../config";
import { below, namesBelow } from "../problems";
import { useSaving } from "../useSaving";
import { Trial } from "./Trial";

/** Open the form of an entry; without `at` of a new one, of which `start` is known. */
export function openClient(known: Known, at: number | null, start: Entry = {}): void {
  showDialog((close) => <ClientDialog known={known} at={at} start={start} onClose={close} />);
}

/** Ask which type it is to be. */
export function openNew(known: Known): void {
  const types = known.defaults.clientTypes;
  const [only] = types;
  if (only && types.length === 1) openClient(known, null, { type: only.type });
  else showDialog((close) => <TypeDialog known={known} onClose={close} />);
}

function TypeDialog({ known, onClose }: { known: Known; onClose: () => void }) {
  const types = [...known.defaults.clientTypes].sort((a, b) => a.label.localeCompare(b.label, getLanguage()));
  return (
    <Dialog title={t("clients.chooseType")} onClose={onClose}>
      <div className="type-choice">
        {types.map((each) => (
          <Button
            key={each.type}
            onClick={() => {
              onClose();
              openClient(known, null, { type: each.type });
            }}
          >
            {each.label}
            <span className="quiet small">{networkName(each.networkType)}</span>
          </Button>
        ))}
      </div>
      {types.length === 0 && <p className="quiet">{t("clients.noTypes")}</p>}
    </Dialog>
  );
}

function networkName(network: string): string {
  return network === "ed2k" ? t("network.ed2k") : network === "bittorrent" ? t("network.bittorrent") : network;
}

interface ClientDialogProps {
  known: Known;
  at: number | null;
  start: Entry;
  onClose: () => void;
}

function ClientDialog({ known, at, start, onClose }: ClientDialogProps) {
  const { clients, _meta } = known.config;
  const saved = at === null ? null : (clients[at] ?? null);
  const number = at ?? clients.length;
  const [entry, setEntry] = useState<Entry>(saved ?? start);
  const form = known.defaults.clientTypes.find((each) => each.type === entry["type"]);
  const label = form?.label ?? String(entry["type"]);
  const path = `clients.${String(number)}`;
  const saving = useSaving();
  const { tried, trying, test, forget } = useTrial();
  const wrong = { ...below(path, saving.wrong), ...fieldOf(tried) };
  const locked = namesBelow(path, _meta.locked);
  const set = (name: string, value: unknown) => {
    setEntry((before) => ({ ...before, [name]: value }));
    forget();
  };
  const save = () => {
    const sent = complete(entry, saved);
    const next = at === null ? [...clients, sent] : clients.map((each, place) => (place === at ? sent : each));
    saving.send(_meta.revision, { clients: next }, onClose, onClose);
  };
  const failed = tried !== null && !tried.success;
  /** What is to connect is tried first. A failure is told, and can be saved all the same. */
  const submit = async () => {
    if (trying) return;
    if (form && tried === null && entry["enabled"] !== false && connects(form.fields, entry, saved)) {
      const result = await test(complete(entry, saved));
      // what is wrong with a field is said at all of them by the daemon
      if (result && !result.success && Object.keys(fieldOf(result)).length === 0) return;
    }
    save();
  };
  const dirty = JSON.stringify(entry) !== JSON.stringify(saved ?? start);
  const shared = { entry, set, wrong, locked };
  const foot = (
    <>
      {tried && Object.keys(fieldOf(tried)).length === 0 && (
        <span className="grow">
          <Trial tried={tried} />
        </span>
      )}
      <Button disabled={!form || trying} onClick={() => void test(complete(entry, saved))}>
        {t(trying ? "clients.testing" : "clients.test")}
      </Button>
      {trying ? (
        <Button look="primary" disabled={saving.busy} onClick={save}>
          {t("clients.saveUntested")}
        </Button>
      ) : (
        <Button look="primary" type="submit" disabled={saving.busy}>
          {t(failed ? "clients.saveAnyway" : "action.save")}
        </Button>
      )}
    </>
  );
  return (
    <Dialog title={t(saved ? "clients.editTitle" : "clients.addTitle", { name: (saved?.["name"] as string | undefined) || label })} onClose={onClose} onSubmit={() => void submit()} foot={foot} dirty={dirty} wide>
      {wrong[""] && <p className="notice bad">{wrong[""]}</p>}
      <div className="settings-form">
        <TextField
          label={t("clients.name")}
          help={t("clients.nameHelp", { label })}
          wrong={wrong["name"]}
          value={typeof entry["name"] === "string" ? entry["name"] : ""}
          placeholder={label}
          maxLength={200}
          disabled={locked.has("name")}
          onChange={({ target }) => set("name", target.value)}
        />
        {form && <SchemaForm fields={form.fields} values={valuesOf(form.fields, entry)} wrong={wrong} locked={locked} onChange={set} />}
      </div>
      {!form && <p className="notice">{t("clients.noForm", { type: label })}</p>}
      <Common {...shared} open={["id", "color", "categorySync", "categorySyncIn", "categorySyncOut"].some((each) => wrong[each])} />
    </Dialog>
  );
}

/** Whether it would connect in another way than what is saved. */
function connects(fields: FormField[], entry: Entry, saved: Entry | null): boolean {
  return saved === null || fields.some(({ name }) => JSON.stringify(entry[name]) !== JSON.stringify(saved[name]));
}

/** A new entry shows the defaults that it will have. */
function valuesOf(fields: FormField[], entry: Entry): Entry {
  const standard = fields.filter((each) => each.default !== null && !each.secret).map((each) => [each.name, each.default]);
  return { ...Object.fromEntries(standard), ...Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) };
}

/** What is to be sent: what belonged to a former id follows to the new one. */
function complete(entry: Entry, saved: Entry | null): Entry {
  const given = Object.fromEntries(Object.entries(entry).filter(([name, value]) => value !== undefined && !(name === "id" && value === "")));
  return saved && given["id"] !== saved["id"] ? { ...given, previousId: saved["id"] } : given;
}

/** A test that says which field is wrong says it as `clients.0.port: ...`. */
function fieldOf(tried: Tested | null): Record<string, string> {
  const found = /^clients\.\d+\.(\w+)[^:]*: (.*)$/s.exec(tried?.error ?? "");
  return found?.[1] && found[2] ? { [found[1]]: found[2] } : {};
}

interface CommonProps {
  entry: Entry;
  set: (name: string, value: unknown) => void;
  wrong: Record<string, string>;
  locked: ReadonlySet<string>;
  open: boolean;
}

/** What every client has, whatever its type. */
function Common({ entry, set, wrong, locked, open }: CommonProps) {
  const color = typeof entry["color"] === "string" ? entry["color"] : null;
  const id = typeof entry["id"] === "string" ? entry["id"] : "";
  const sync = entry["categorySync"] !== false;
  return (
    <details className="more" open={open || undefined}>
      <summary>{t("clients.further")}</summary>
      <div className="settings-form">
        <div className="color-field">
          <input
            type="color"
            aria-label={t("clients.colorPick")}
            value={color ?? hexOf(colorOf(id, null))}
            disabled={locked.has("color")}
            onChange={({ target }) => set("color", target.value)}
          />
          <div>
            <div>{t("clients.color")}</div>
            {color ? (
              <Button look="quiet" onClick={() => set("color", null)}>
                {t("clients.colorOwn")}
              </Button>
            ) : (
              <span className="quiet small">{t("clients.colorAuto")}</span>
            )}
          </div>
        </div>
        <TextField
          label={t("clients.id")}
          help={t("clients.idHelp")}
          wrong={wrong["id"]}
          value={id}
          className="mono"
          disabled={locked.has("id")}
          spellCheck={false}
          onChange={({ target }) => set("id", target.value)}
        />
        <div className="field wide">
          <Switch label={t("clients.sync")} checked={sync} disabled={locked.has("categorySync")} onChange={(next) => set("categorySync", next)} />
          <span className="help">{t("clients.syncHelp")}</span>
        </div>
        {(["categorySyncIn", "categorySyncOut"] as const).map((name) => (
          <SelectField
            key={name}
            label={t(`clients.${name}`)}
            wrong={wrong[name]}
            value={JSON.stringify(entry[name] ?? null)}
            options={[
              ["null", t("clients.syncAs")],
              ["true", t("clients.yes")],
              ["false", t("clients.no")],
            ]}
            disabled={locked.has(name)}
            onChange={(next) => set(name, JSON.parse(next))}
          />
        ))}
      </div>
    </details>
  );
}

const hexOf = (color: string) => (color.startsWith("#") ? color : "#6b7a8f");
