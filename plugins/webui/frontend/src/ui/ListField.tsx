/** A list of texts from a description: lines, paths that can be looked for, or a choice of our instances. */
import { IconFolderSearch } from "@tabler/icons-react";
import { useState } from "react";
import { may } from "../api/me";
import { t } from "../i18n";
import { useInstances } from "../live/hooks";
import { browseFolders } from "./browseFolders";
import { Button } from "./Button";
import { Check, TextArea } from "./Field";
import { helped, labelOf, type FieldProps } from "./schemaWords";

export function ListField(props: FieldProps) {
  return props.field.items?.format === "instance" ? <Instances {...props} /> : <Lines {...props} />;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function Lines(props: FieldProps) {
  const { field, value, locked, onChange } = props;
  const [text, setText] = useState(textsOf(value).join("\n"));
  function change(next: string) {
    setText(next);
    onChange(next.split("\n").map((each) => each.trim()).filter(Boolean));
  }
  const lines = (
    <TextArea
      label={labelOf(props)}
      {...helped(props)}
      className="mono"
      rows={3}
      value={text}
      placeholder={t("form.perLine")}
      disabled={locked}
      spellCheck={false}
      onChange={({ target }) => change(target.value)}
    />
  );
  if (field.items?.format !== "path" || locked || !may("admin")) return lines;
  const add = (path: string) => change([text.trim(), path].filter(Boolean).join("\n"));
  return (
    <div className="field-list">
      {lines}
      <Button onClick={() => browseFolders({ start: textsOf(value).at(-1) ?? "", onChoose: add })}>
        <IconFolderSearch size={16} aria-hidden />
        {t("folders.add")}
      </Button>
    </div>
  );
}

/** Ids that are none of our instances any more stay until they are taken out. */
function Instances(props: FieldProps) {
  const { value, locked, onChange } = props;
  const chosen = textsOf(value);
  const known = useInstances().map(([id, each]) => [id, each.name] as const);
  const gone = chosen.filter((id) => !known.some(([each]) => each === id)).map((id) => [id, id] as const);
  const { help, wrong } = helped(props);
  return (
    <fieldset className="field bare">
      <legend className="label">{labelOf(props)}</legend>
      {[...known, ...gone].map(([id, name]) => (
        <Check
          key={id}
          label={name}
          checked={chosen.includes(id)}
          disabled={locked}
          onChange={(on) => onChange(on ? [...chosen, id] : chosen.filter((each) => each !== id))}
        />
      ))}
      {(wrong || help) && <span className={wrong ? "help wrong" : "help"}>{wrong || help}</span>}
    </fieldset>
  );
}
