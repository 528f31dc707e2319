/** All fields, as the client sent them. */
import { useState } from "react";
import type { Item } from "../../api/types";
import { t } from "../../i18n";
import { copyText } from "../../ui/copy";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Facts, Skeleton, type Fact } from "../../ui/Parts";
import { matches, wordsOf } from "../words";
import { useDetail } from "./useDetail";

function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

export default function RawTab({ item }: { item: Item }) {
  const { data, error } = useDetail(item);
  const [text, setText] = useState("");
  if (!data) return error ? <p className="wrong">{error.message}</p> : <Skeleton lines={8} />;
  const words = wordsOf(text);
  const fields = Object.entries(data.raw as Record<string, unknown>).filter(([name, value]) =>
    matches(`${name} ${shown(value)}`.toLowerCase(), words),
  );
  return (
    <div className="stack">
      <div className="row" style={{ alignItems: "flex-end" }}>
        <div className="grow">
          <TextField label={t("panel.findField")} type="search" value={text} onChange={(event) => setText(event.target.value)} />
        </div>
        <Button onClick={() => void copyText(JSON.stringify(data.raw, null, 2))}>{t("action.copy")}</Button>
      </div>
      <div className="mono small">
        <Facts facts={fields.map(([name, value]): Fact => [name, <span key={name} className="raw">{shown(value)}</span>])} />
      </div>
    </div>
  );
}
