/** What stands around a field that is made from a description: its name, help, range, default, and what holds it. */
import type { ReactNode } from "react";
import type { Schemas } from "../api/types";
import { t } from "../i18n";

export type FormField = Schemas["FormField"];

export interface FieldProps {
  field: FormField;
  value: unknown;
  wrong: string | undefined;
  locked: boolean;
  waiting: boolean;
  onChange: (value: unknown) => void;
}

export function labelOf({ field }: FieldProps): string {
  return field.required ? t("form.required", { label: field.label }) : field.label;
}

/** The help of the field, its range and default, and what keeps it from being changed or from counting. */
function helpOf({ field, value, locked, waiting }: FieldProps): ReactNode {
  const notes = [field.help, range(field), standard(field, value)].filter(Boolean).join(" · ");
  return (
    <>
      {notes}
      {waiting && <span className="form-note tone-amber">{t("form.waiting")}</span>}
      {locked && <span className="form-note">{t("form.locked")}</span>}
    </>
  );
}

/** Its help is a fragment: without words it must not take a line. */
export function helped(props: FieldProps): { help?: ReactNode; wrong: string | undefined } {
  const { field, value, locked, waiting, wrong } = props;
  const words = field.help || range(field) || standard(field, value) || locked || waiting;
  return words ? { help: helpOf(props), wrong } : { wrong };
}

function range({ minimum, maximum }: FormField): string {
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) {
    return t("form.range", { minimum: String(minimum), maximum: String(maximum) });
  }
  return "";
}

function standard(field: FormField, value: unknown): string {
  const given = field.default;
  const shown = typeof given === "string" || typeof given === "number" ? String(given) : "";
  return shown !== "" && given !== value ? t("form.default", { value: shown }) : "";
}
