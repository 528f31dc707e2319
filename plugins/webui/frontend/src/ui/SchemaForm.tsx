/** Fields from the description that the daemon gives of them: for client types and plugins that nobody here knows. */
import { useId, useState } from "react";
import { t } from "../i18n";
import { useInstances } from "../live/hooks";
import { SelectField, TextArea, TextField } from "./Field";
import { ListField } from "./ListField";
import { PathField } from "./PathField";
import { helped, labelOf, type FieldProps, type FormField } from "./schemaWords";
import { SecretField } from "./SecretField";
import { Switch } from "./Switch";

export type { FormField } from "./schemaWords";
export type Values = Record<string, unknown>;

interface SchemaFormProps {
  fields: FormField[];
  values: Values;
  /** What is wrong, by the name of the field. */
  wrong?: Record<string, string>;
  /** Names of fields that a variable or a flag of the daemon holds. */
  locked?: ReadonlySet<string>;
  /** Names of fields whose saved value waits for a restart. */
  waiting?: ReadonlySet<string>;
  onChange: (name: string, value: unknown) => void;
}

export function SchemaForm({ fields, values, wrong = {}, locked, waiting, onChange }: SchemaFormProps) {
  return fields.map((field) => (
    <SchemaField
      key={field.name}
      field={field}
      value={values[field.name]}
      wrong={wrong[field.name]}
      locked={locked?.has(field.name) ?? false}
      waiting={waiting?.has(field.name) ?? false}
      onChange={(value) => onChange(field.name, value)}
    />
  ));
}

function SchemaField(props: FieldProps) {
  const { field, value } = props;
  if (field.secret) return <SecretField {...props} />;
  if (field.choices) return field.items ? <ChoiceOrList {...props} /> : <Choice {...props} />;
  if (field.format === "instance") return <InstanceChoice {...props} />;
  if (field.type === "boolean") return <YesNo {...props} />;
  if (field.type === "integer" || field.type === "number") return <NumberOf {...props} />;
  const lines = Array.isArray(value) ? value.every((each) => typeof each === "string") : value === undefined || value === null;
  if (field.type === "list" && lines) return <ListField {...props} />;
  if (field.type === "string" && !isTree(value)) return field.format === "path" ? <Path {...props} /> : <Text {...props} />;
  return <Json {...props} />;
}

const isTree = (value: unknown) => typeof value === "object" && value !== null;

function Text(props: FieldProps) {
  const { field, value, locked, onChange } = props;
  return (
    <TextField
      label={labelOf(props)}
      {...helped(props)}
      value={typeof value === "string" ? value : ""}
      required={field.required}
      disabled={locked}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={({ target }) => onChange(target.value === "" && field.default === null && !field.required ? null : target.value)}
    />
  );
}

function Path(props: FieldProps) {
  const { field, value, locked, onChange } = props;
  return (
    <PathField
      label={labelOf(props)}
      {...helped(props)}
      value={typeof value === "string" ? value : ""}
      required={field.required}
      disabled={locked}
      files
      onChange={(path) => onChange(path === "" && field.default === null && !field.required ? null : path)}
    />
  );
}

function NumberOf(props: FieldProps) {
  const { field, value, locked, onChange } = props;
  return (
    <TextField
      label={labelOf(props)}
      {...helped(props)}
      type="number"
      inputMode={field.type === "integer" ? "numeric" : "decimal"}
      step={field.type === "integer" ? 1 : "any"}
      min={field.minimum}
      max={field.maximum}
      className="number"
      value={typeof value === "number" ? value : ""}
      placeholder={typeof field.default === "number" ? String(field.default) : undefined}
      required={field.required}
      disabled={locked}
      onChange={({ target }) => onChange(target.value === "" ? undefined : target.valueAsNumber)}
    />
  );
}

function YesNo(props: FieldProps) {
  const { field, value, locked, onChange } = props;
  const { help, wrong } = helped(props);
  const id = useId();
  return (
    <div className="field" role="group" aria-describedby={help || wrong ? id : undefined}>
      <Switch label={field.label} checked={value === undefined ? field.default === true : value === true} disabled={locked} onChange={onChange} />
      {(wrong || help) && (
        <span id={id} className={wrong ? "help wrong" : "help"}>
          {wrong || help}
        </span>
      )}
    </div>
  );
}

function Choice(props: FieldProps) {
  const { field, value, locked, onChange } = props;
  const known = field.choices ?? [];
  const now = typeof value === "string" ? value : JSON.stringify(value ?? field.default);
  const other = known.includes(now) ? [] : [[now, Array.isArray(value) ? value.join(", ") : now] as const];
  return (
    <SelectField
      label={labelOf(props)}
      {...helped(props)}
      value={now}
      disabled={locked}
      options={[...known.map((each) => [each, each] as const), ...other]}
      onChange={(next) => onChange(known.includes(next) ? next : value)}
    />
  );
}

const LIST = "[]";

/** One of some words, or a list that somebody makes. */
function ChoiceOrList(props: FieldProps) {
  const { field, value, locked, onChange } = props;
  const words = (field.choices ?? []).map((each) => [each, each] as const);
  const listed = Array.isArray(value);
  return (
    <div className="field-list">
      <SelectField
        label={labelOf(props)}
        {...(listed ? {} : helped(props))}
        value={listed ? LIST : String(value ?? field.default)}
        disabled={locked}
        options={[...words, [LIST, t("form.ownList")]]}
        onChange={(next) => onChange(next === LIST ? [] : next)}
      />
      {listed && <ListField {...props} field={{ ...field, label: t("form.listOf", { label: field.label }) }} />}
    </div>
  );
}

/** One of our instances. */
function InstanceChoice(props: FieldProps) {
  const { value, locked, onChange } = props;
  const now = typeof value === "string" ? value : "";
  const instances = useInstances().map(([id, each]) => [id, each.name] as const);
  const gone = now !== "" && !instances.some(([id]) => id === now) ? [[now, now] as const] : [];
  return (
    <SelectField
      label={labelOf(props)}
      {...helped(props)}
      value={now}
      disabled={locked}
      options={[["", t("form.anyInstance")], ...instances, ...gone]}
      onChange={(next) => onChange(next || null)}
    />
  );
}

/** What has no field of its own is written as JSON; what is none is sent as it stands, and refused at its field. */
function Json(props: FieldProps) {
  const { value, locked, onChange } = props;
  const [text, setText] = useState(value === undefined ? "" : JSON.stringify(value, null, 2));
  return (
    <TextArea
      label={labelOf(props)}
      {...helped(props)}
      className="mono"
      rows={4}
      value={text}
      disabled={locked}
      spellCheck={false}
      onChange={({ target }) => {
        setText(target.value);
        onChange(parsed(target.value));
      }}
    />
  );
}

function parsed(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
