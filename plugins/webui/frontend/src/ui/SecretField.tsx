/** A secret: a saved one is never shown. */
import { useState } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { TextField } from "./Field";
import { MASK } from "./mask";
import { helped, labelOf, type FieldProps } from "./schemaWords";

/** A saved secret is a word in an empty field; what is typed takes its place, and can be taken back. */
export function SecretField(props: FieldProps) {
  const { field, value, locked, onChange } = props;
  const [wasSaved] = useState(value === MASK);
  const saved = value === MASK;
  return (
    <div className="form-secret">
      <TextField
        label={labelOf(props)}
        {...helped(props)}
        type="password"
        autoComplete="new-password"
        value={saved || typeof value !== "string" ? "" : value}
        placeholder={saved ? t("form.secretSaved") : undefined}
        required={field.required && !saved}
        disabled={locked}
        onChange={({ target }) => onChange(target.value === "" ? (wasSaved ? MASK : undefined) : target.value)}
      />
      {saved && !field.required && !locked && <Button onClick={() => onChange("")}>{t("form.secretRemove")}</Button>}
      {wasSaved && !saved && <Button onClick={() => onChange(MASK)}>{t("form.secretKeep")}</Button>}
    </div>
  );
}
