/** Add a link, or look for something, without leaving Home. */
import { useState } from "react";
import { openAdd } from "../../add/open";
import { may } from "../../api/me";
import { t } from "../../i18n";
import { useAnyCan } from "../../live/hooks";
import { navigate, pathOf } from "../../router/router";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";

export function Quick() {
  const searches = useAnyCan("search") && may("search");
  return (
    <div className="quick">
      {may("add_downloads") && (
        <QuickForm label={t("home.quickAdd")} hint={t("home.quickAddHelp")} word={t("top.add")} onSend={(text) => openAdd({ text })} />
      )}
      {searches && (
        <QuickForm
          label={t("home.quickSearch")}
          hint={t("home.quickSearchHelp")}
          word={t("nav.search")}
          onSend={(text) => navigate(pathOf("search", [], new URLSearchParams({ query: text })))}
        />
      )}
    </div>
  );
}

interface QuickFormProps {
  label: string;
  hint: string;
  word: string;
  onSend: (text: string) => void;
}

function QuickForm({ label, hint, word, onSend }: QuickFormProps) {
  const [text, setText] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!text.trim()) return;
        onSend(text.trim());
        setText("");
      }}
    >
      <TextField label={label} placeholder={hint} value={text} onChange={(event) => setText(event.target.value)} />
      <Button type="submit" disabled={!text.trim()}>
        {word}
      </Button>
    </form>
  );
}
