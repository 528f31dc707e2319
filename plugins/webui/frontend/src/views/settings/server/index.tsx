/** The daemon itself: where it listens, who is let in, proxies, logs, folders, what is kept. */
import { useState } from "react";
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { SchemaForm } from "../../../ui/SchemaForm";
import { useUnsavedView } from "../../../ui/unsaved";
import { Rights } from "../users/Rights";
import type { Change, Config } from "../config";
import { useKnown } from "../known";
import { useSaving } from "../useSaving";
import { fieldOf, GROUPS } from "./fields";
import { valueAt, withValue, type Tree } from "./paths";

const AUTO = "server.auth.trustedProxy.autoProvision";
const RIGHTS = "server.auth.trustedProxy.defaultCapabilities";
const SECTIONS = ["server", "directories", "database", "disk", "history", "updates"] as const;

export default function Server() {
  const { config } = useKnown();
  return <Form key={config._meta.revision} />;
}

function Form() {
  const { config, defaults } = useKnown();
  const saved = sectionsOf(config);
  const [values, setValues] = useState<Tree>(saved);
  const saving = useSaving();
  const changed = changes(saved, values);
  const dirty = Object.keys(changed).length > 0;
  useUnsavedView(dirty);
  const discard = () => {
    setValues(saved);
    saving.forget();
  };
  const paths = GROUPS.flatMap((group) => group.fields.map(([path]) => path));
  const others = Object.entries(saving.wrong).filter(([field]) => !paths.some((path) => isAt(field, path)));
  return (
    <form
      className="settings-page"
      onSubmit={(event) => {
        event.preventDefault();
        saving.send(config._meta.revision, changed, () => undefined, discard);
      }}
    >
      <div className="settings-head">
        <h2>{t("settings.server")}</h2>
      </div>
      {others.map(([field, message]) => (
        <p key={field} className="notice bad">
          <span>
            <span className="mono">{field}</span> {message}
          </span>
        </p>
      ))}
      {GROUPS.map((group) => (
        <section key={group.title} className="card settings-card" aria-label={t(group.title)}>
          <h3>{t(group.title)}</h3>
          <div className="settings-form">
            <SchemaForm
              fields={group.fields.filter(([path]) => matters(path, values)).map(([path, text, kind]) =>
                fieldOf(path, text, kind, valueAt(defaults.config as unknown as Tree, path), valueAt(values, path)),
              )}
              values={Object.fromEntries(group.fields.map(([path]) => [path, valueAt(values, path)]))}
              wrong={Object.fromEntries(paths.flatMap((path) => saidOf(path, saving.wrong)))}
              locked={new Set(paths.filter((path) => config._meta.locked.some((each) => isAt(each, path))))}
              waiting={new Set(paths.filter((path) => config._meta.restartNeeded.some((each) => isAt(each, path))))}
              onChange={(path, value) => setValues((before) => withValue(before, path, value))}
            />
          </div>
          {group.title === "server.proxies" && valueAt(values, AUTO) === true && matters(AUTO, values) && (
            <Rights title={t("server.defaultCapabilities")} rights={namesAt(values, RIGHTS)} onChange={(rights) => setValues((before) => withValue(before, RIGHTS, rights))} />
          )}
        </section>
      ))}
      <div className="settings-save sticky">
        <Button type="submit" look="primary" disabled={!dirty || saving.busy}>
          {t("action.save")}
        </Button>
        {dirty && (
          <Button look="quiet" onClick={discard}>
            {t("settings.discard")}
          </Button>
        )}
        <span className="quiet small">{t(dirty ? "settings.unsaved" : "settings.unchanged")}</span>
      </div>
    </form>
  );
}

function sectionsOf(config: Config): Tree {
  return Object.fromEntries(SECTIONS.map((name) => [name, config[name]]));
}

/** The sections in which something is other than it was. */
function changes(saved: Tree, values: Tree): Change {
  const names = SECTIONS.filter((name) => JSON.stringify(saved[name]) !== JSON.stringify(values[name]));
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Change;
}

const SINGLE = "server.auth.trustedProxy";

/** What belongs to a switch is there when the switch makes it matter. */
function matters(path: string, values: Tree): boolean {
  if (path === "server.auth.allowInsecure") return valueAt(values, "server.auth.enabled") === false || valueAt(values, path) === true;
  return !path.startsWith(`${SINGLE}.`) || path === `${SINGLE}.enabled` || valueAt(values, `${SINGLE}.enabled`) === true;
}

function namesAt(values: Tree, path: string): string[] {
  const found = valueAt(values, path);
  return Array.isArray(found) ? found.map(String) : [];
}

/** Whether a dotted path is a field, or below it. */
function isAt(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`);
}

function saidOf(path: string, wrong: Record<string, string>): [string, string][] {
  const found = Object.entries(wrong).find(([field]) => isAt(field, path));
  return found ? [[path, found[1]]] : [];
}
