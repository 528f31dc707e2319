/** What an account may do: a usual set, or single ticks. */
import { t } from "../../../i18n";
import { Check } from "../../../ui/Field";
import { Segments } from "../../../ui/Segments";
import { FULL, GROUPS, presetOf, READ_ONLY, switched, type Preset } from "./rights";

interface RightsProps {
  title?: string;
  rights: string[];
  onChange: (rights: string[]) => void;
}

export function Rights({ title = t("users.rights"), rights, onChange }: RightsProps) {
  const choose = (preset: Preset) => {
    if (preset !== "custom") onChange([...(preset === "full" ? FULL : READ_ONLY)]);
  };
  return (
    <section className="stack">
      <div className="rights-head">
        <h3>{title}</h3>
        <Segments
          label={title}
          value={presetOf(rights)}
          options={[
            ["full", t("users.full")],
            ["readOnly", t("users.readOnly")],
            ["custom", t("users.custom")],
          ]}
          onChange={choose}
        />
      </div>
      <div className="rights">
        {GROUPS.map((group) => (
          <fieldset key={group.title}>
            <legend>{t(group.title)}</legend>
            {group.rights.map((right) => (
              <Check
                key={right}
                label={t(`right.${right}`)}
                checked={rights.includes(right)}
                onChange={(on) => onChange(switched(rights, right, on))}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </section>
  );
}
