/** Where results go: the category, and the client where several could take them. */
import { t } from "../../i18n";
import { useInstances } from "../../live/hooks";
import { useLive } from "../../live/store";
import { SelectField } from "../../ui/Field";
import { takersOfLinks, useChoice } from "./get";

export function TargetFields({ hideLabels = false }: { hideLabels?: boolean }) {
  const [choice, setChoice] = useChoice();
  const categories = useLive((live) => live.categories);
  const takers = takersOfLinks(useInstances());
  const named = categories.filter((each) => each.id !== 0).map((each) => [each.name, each.name] as const);
  return (
    <>
      <SelectField
        label={t("add.category")}
        hideLabel={hideLabels}
        value={named.some(([name]) => name === choice.category) ? choice.category : ""}
        options={[["", t("add.noCategory")], ...named]}
        onChange={(category) => setChoice({ ...choice, category })}
      />
      {takers.length > 1 && (
        <SelectField
          label={t("column.client")}
          hideLabel={hideLabels}
          value={takers.some(([id]) => id === choice.instanceId) ? choice.instanceId : ""}
          options={[["", t("search.whereFound")], ...takers.map(([id, each]) => [id, each.name] as const)]}
          onChange={(instanceId) => setChoice({ ...choice, instanceId })}
        />
      )}
    </>
  );
}
