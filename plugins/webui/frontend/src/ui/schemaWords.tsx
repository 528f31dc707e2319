/** What stands around a field that is made from a description: its name, help, range, default, and what holds it. */
import type { ReactNode } from "react";
import type { Schemas } from "../api/types";
import { t, type Key } from "../i18n";

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
export function helped(props: FieldProps): { help?: ReactNode; wrong: ReactNode } {
  const { field, value, locked, waiting } = props;
  const words = field.help || range(field) || standard(field, value) || locked || waiting;
  const wrong = wrongWords(props);
  return words ? { help: helpOf(props), wrong } : { wrong };
}

/** What is wrong, in a sentence of the UI where the description tells us, with the daemon's words below. */
function wrongWords({ field, value, wrong }: FieldProps): ReactNode {
  if (!wrong) return undefined;
  const sentence = sentenceFor(field, value);
  if (!sentence) return wrong;
  return (
    <>
      {t(...sentence)}
      <span className="form-note quiet">{wrong}</span>
    </>
  );
}

/** Which sentence says what a value lacks; null: the description has nothing against it. */
export function sentenceFor(field: FormField, value: unknown): [key: Key, values?: Record<string, string>] | null {
  const { minimum, maximum, pattern } = field;
  const empty = value === undefined || value === null || value === "";
  if (empty) return field.required ? ["form.wrong.required"] : null;
  if (typeof value === "number" && minimum !== undefined && value < minimum) return ["form.wrong.least", { minimum: String(minimum) }];
  if (typeof value === "number" && maximum !== undefined && value > maximum) return ["form.wrong.most", { maximum: String(maximum) }];
  if (typeof value === "string" && pattern !== undefined && !fits(value, pattern)) return ["form.wrong.pattern"];
  const odd = Array.isArray(value) ? value.find((each) => !fits(String(each), field.items?.pattern ?? "")) as unknown : undefined;
  return odd === undefined ? null : ["form.wrong.item", { value: String(odd) }];
}

/** A pattern that is none here has nothing against anything. */
function fits(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
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
