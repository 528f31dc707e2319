/** Choose a category, or make a new one on the way. */
import { may } from "../api/me";
import { t } from "../i18n";
import { useLive } from "../live/store";
import { SelectField } from "../ui/Field";
import { toastError } from "../ui/toasts";

/** No category has such a name. */
const NEW = "/new";

interface CategoryChoiceProps {
  label: string;
  /** Its name; "" is none. */
  value: string;
  onChange: (name: string) => void;
}

export function CategoryChoice({ label, value, onChange }: CategoryChoiceProps) {
  const names = useLive((live) => live.categories)
    .filter((each) => each.id !== 0)
    .map((each) => each.name);
  // one that was just made comes with the next message
  const all = value === "" || names.includes(value) ? names : [...names, value];
  const make = () => void import("../views/categories/EditDialog").then(({ openCategory }) => openCategory(null, 0, onChange), toastError);
  return (
    <SelectField
      label={label}
      value={value}
      options={[
        ["", t("add.noCategory")],
        ...all.map((each) => [each, each] as const),
        ...(may("manage_categories") ? [[NEW, t("category.new")] as const] : []),
      ]}
      onChange={(next) => (next === NEW ? make() : onChange(next))}
    />
  );
}
