/** Make a category, or change one: says what that will do before it does. */
import { useState } from "react";
import { call } from "../../api/client";
import { ApiError } from "../../api/error";
import type { Category } from "../../api/types";
import { t } from "../../i18n";
import { categoryHex, categoryNumber } from "../../items/colors";
import { useInstances } from "../../live/hooks";
import { useLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { showDialog } from "../../ui/dialogs";
import { SelectField, TextField } from "../../ui/Field";
import { PathField } from "../../ui/PathField";
import { toast, toastError } from "../../ui/toasts";
import "./categories.css";
import { DEFAULT_ID, draftOf, mappingsOf, PRIORITIES, warningsOf, wrongWith, type Draft } from "./facts";

const SWATCHES = [
  ["#2f7de1", "cats.blue"],
  ["#2c9a50", "cats.green"],
  ["#c98a12", "cats.amber"],
  ["#d0453c", "cats.red"],
  ["#8257d8", "cats.violet"],
  ["#0f8f8a", "cats.teal"],
  ["#c2437e", "cats.pink"],
  ["#6b7a8f", "cats.slate"],
] as const;

/** With null: a new one. `count` items are under it; `onSaved` gets its name. */
export function openCategory(category: Category | null, count = 0, onSaved?: (name: string) => void): void {
  showDialog((close) => <EditDialog category={category} count={count} onSaved={onSaved} onClose={close} />);
}

interface EditDialogProps {
  category: Category | null;
  count: number;
  onSaved?: ((name: string) => void) | undefined;
  onClose: () => void;
}

function EditDialog({ category, count, onSaved, onClose }: EditDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(category));
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const others = useLive((live) => live.categories).filter((each) => each.id !== category?.id);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const isDefault = category?.id === DEFAULT_ID;
  const wrong = wrongWith(draft.title, others.map((each) => each.name));
  const of = (field: string) => (refused?.details["field"] === field ? refused.message : undefined);
  async function save() {
    if (!draft.title.trim() || wrong) return;
    setSending(true);
    try {
      const { warnings } = await send(category, draft);
      onSaved?.(draft.title.trim());
      onClose();
      if (warnings.length > 0) toastError(new Error(warnings.join("\n")), t("cats.savedBut"));
      else toast(t("cats.saved", { name: draft.title.trim() }));
    } catch (error) {
      setSending(false);
      if (error instanceof ApiError && error.details["field"]) setRefused(error);
      else toastError(error);
    }
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={sending || !draft.title.trim() || wrong !== null}>
        {t(category ? "action.save" : "cats.create")}
      </Button>
    </>
  );
  const renamed = category !== null && draft.title.trim() !== category.title;
  return (
    <Dialog
      title={category ? t("cats.editTitle", { name: category.title }) : t("cats.newTitle")}
      onClose={onClose}
      onSubmit={() => void save()}
      foot={foot}
      dirty={JSON.stringify(draft) !== JSON.stringify(draftOf(category))}
    >
      <TextField
        label={t("column.name")}
        value={draft.title}
        // a new one begins with its name
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus={category === null}
        disabled={isDefault}
        maxLength={100}
        help={isDefault ? t("cats.defaultHelp") : renamed && count > 0 ? t("cats.follow", { count }) : undefined}
        wrong={wrong ? t(wrong) : of("title")}
        onChange={(event) => change({ title: event.target.value })}
      />
      <ColorField value={draft.color} onChange={(color) => change({ color })} />
      <PathField
        label={t("cats.path")}
        help={category && category.path !== draft.path ? t("cats.pathChanged") : t("cats.pathHelp")}
        value={draft.path}
        wrong={of("path")}
        onChange={(path) => change({ path })}
      />
      {!isDefault && (
        <SelectField
          label={t("column.priority")}
          value={String(draft.priority)}
          options={PRIORITIES.map(([value, word]) => [String(value), t(word)] as const)}
          onChange={(value) => change({ priority: Number(value) })}
        />
      )}
      <TextField
        label={t("cats.comment")}
        value={draft.comment}
        wrong={of("comment")}
        onChange={(event) => change({ comment: event.target.value })}
      />
      <Mappings category={category} draft={draft} onChange={(pathMappings) => change({ pathMappings })} wrong={of("pathMappings")} />
    </Dialog>
  );
}

async function send(category: Category | null, draft: Draft): Promise<{ warnings: string[] }> {
  const { comment, color, priority } = draft;
  const [title, path, pathMappings] = [draft.title.trim(), draft.path.trim(), mappingsOf(draft)];
  if (category === null) {
    return call("post", "/api/v1/categories", { body: { title, path, comment, color, priority, pathMappings } as never });
  }
  const body = { name: category.name, path, comment, color, pathMappings };
  const more = category.id === DEFAULT_ID ? {} : { title, priority };
  return call("put", "/api/v1/categories", { body: { ...body, ...more } as never });
}

function ColorField({ value, onChange }: { value: number; onChange: (color: number) => void }) {
  const hex = categoryHex(value);
  return (
    <fieldset className="color-field">
      <legend className="label">{t("cats.color")}</legend>
      <span className="row wrap">
        {SWATCHES.map(([each, word]) => (
          <button
            key={each}
            type="button"
            className="swatch"
            style={{ background: each }}
            aria-label={t(word)}
            title={t(word)}
            aria-pressed={each === hex}
            onClick={() => onChange(categoryNumber(each))}
          />
        ))}
        <input
          type="color"
          className="color-own"
          aria-label={t("cats.ownColor")}
          title={t("cats.ownColor")}
          value={hex}
          onChange={(event) => onChange(categoryNumber(event.target.value))}
        />
      </span>
    </fieldset>
  );
}

interface MappingsProps {
  category: Category | null;
  draft: Draft;
  onChange: (mappings: Record<string, string>) => void;
  wrong: string | undefined;
}

/** Where this daemon finds what a client has there: for clients in containers or on other machines. */
function Mappings({ category, draft, onChange, wrong }: MappingsProps) {
  const instances = useInstances();
  const warnings = new Map(category ? warningsOf(category) : []);
  const named = instances.map(([id, each]) => [id, each.name] as const);
  const others = Object.keys(draft.pathMappings).filter((key) => !named.some(([id]) => id === key));
  const keys = [...named, ...others.map((key) => [key, t("cats.ofType", { type: key })] as const)];
  const [open] = useState(Object.keys(draft.pathMappings).length > 0 || warnings.size > 0);
  if (keys.length === 0) return null;
  return (
    <details open={open} className="mappings">
      <summary>{t("cats.mappings")}</summary>
      <div className="stack">
        <p className="small quiet">{t("cats.mappingsHelp")}</p>
        {wrong && <p className="wrong">{wrong}</p>}
        {keys.map(([key, name]) => (
          <PathField
            key={key}
            label={name}
            value={draft.pathMappings[key] ?? ""}
            placeholder={draft.path || undefined}
            wrong={draft.pathMappings[key] === category?.pathMappings?.[key] ? warnings.get(key) : undefined}
            onChange={(path) => onChange({ ...draft.pathMappings, [key]: path })}
          />
        ))}
      </div>
    </details>
  );
}
