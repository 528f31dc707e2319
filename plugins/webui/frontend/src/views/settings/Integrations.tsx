/** The sections of plugins in the configuration: each with the form that its plugin describes. */
import { IconPuzzle } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../../i18n";
import { Link } from "../../router/Link";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Parts";
import { SchemaForm, type FormField, type Values } from "../../ui/SchemaForm";
import { useUnsavedView } from "../../ui/unsaved";
import { useKnown } from "./known";
import { below, namesBelow } from "./problems";
import { useSaving } from "./useSaving";

export default function Integrations() {
  const { config, defaults } = useKnown();
  const forms = defaults.plugins.filter((each) => each.fields.length > 0);
  return (
    <>
      <div className="settings-head">
        <h2>{t("settings.integrations")}</h2>
        <Link className="btn" to="/arr">
          {t("integrations.arr")}
        </Link>
      </div>
      <p className="quiet">{t("integrations.help")}</p>
      {forms.length === 0 && <Empty icon={<IconPuzzle size={40} aria-hidden />} title={t("integrations.none")} />}
      {forms.map((each) => (
        <PluginForm key={`${each.name} ${config._meta.revision}`} name={each.name} fields={each.fields} />
      ))}
    </>
  );
}

function PluginForm({ name, fields }: { name: string; fields: FormField[] }) {
  const { config } = useKnown();
  const saved: Values = config.plugins[name] ?? {};
  const [values, setValues] = useState(saved);
  const saving = useSaving();
  const changed = JSON.stringify(values) !== JSON.stringify(saved);
  useUnsavedView(changed);
  const path = `plugins.${name}`;
  const submit = () =>
    saving.send(config._meta.revision, { plugins: { ...config.plugins, [name]: values } }, nothing, () => setValues(saved));
  return (
    <form
      className="card settings-card"
      aria-label={name}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h3>{name}</h3>
      <div className="settings-form">
        <SchemaForm
          fields={fields}
          values={values}
          wrong={below(path, saving.wrong)}
          locked={namesBelow(path, config._meta.locked)}
          waiting={namesBelow(path, config._meta.restartNeeded)}
          onChange={(field, value) => setValues((before) => ({ ...before, [field]: value }))}
        />
      </div>
      <div className="settings-save">
        <Button type="submit" look={changed ? "primary" : "normal"} disabled={!changed || saving.busy}>
          {t("action.save")}
        </Button>
        {changed && (
          <Button look="quiet" onClick={() => setValues(saved)}>
            {t("settings.discard")}
          </Button>
        )}
      </div>
    </form>
  );
}

const nothing = () => undefined;
