/** What to look for, and where. */
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { ago } from "../../format/time";
import { t } from "../../i18n";
import { healthOf } from "../../live/health";
import { useInstances } from "../../live/hooks";
import { Button } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/Field";
import { Menu } from "../../ui/Menu";
import type { Question, Recent, SearchType } from "./recent";

interface FormProps {
  question: Question;
  onChange: (question: Question) => void;
  recent: Recent[];
  busy: boolean;
  onSearch: (question: Question) => void;
  onRecent: (recent: Recent) => void;
  onForget: () => void;
}

export function SearchForm({ question, onChange, recent, busy, onSearch, onRecent, onForget }: FormProps) {
  const able = useInstances().filter(([, each]) => each.capabilities["search"]);
  const aimed = able.filter(([id]) => !question.instanceId || id === question.instanceId);
  const networks = networksOf(aimed.map(([, each]) => each.capabilities));
  const ready = aimed.some(([, each]) => each.connected);
  const lonely = ready && aimed.every(([, each]) => !each.connected || healthOf(each) === "red");
  const change = (part: Partial<Question>) => onChange({ ...question, ...part });
  const type = networks.some(([each]) => each === question.type) ? question.type : "global";
  return (
    <form
      className="search-form"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (question.query.trim()) onSearch({ ...question, type, query: question.query.trim() });
      }}
    >
      <div className="search-query">
        <TextField
          label={t("search.query")}
          hideLabel
          type="search"
          placeholder={t("search.query")}
          value={question.query}
          maxLength={1000}
          autoComplete="off"
          onChange={(event) => change({ query: event.target.value })}
        />
      </div>
      <div className="search-options">
        {networks.length > 1 && (
          <SelectField label={t("search.network")} hideLabel value={type} options={networks} onChange={(next) => change({ type: next as SearchType })} />
        )}
        {able.length > 1 && (
          <SelectField
            label={t("column.client")}
            hideLabel
            value={question.instanceId}
            options={[["", t("search.allClients")], ...able.map(([id, each]) => [id, each.name] as const)]}
            onChange={(instanceId) => change({ instanceId })}
          />
        )}
        <div className="search-ending">
          <TextField
            label={t("search.ending")}
            hideLabel
            placeholder={t("search.ending")}
            title={t("search.endingHelp")}
            value={question.extension}
            maxLength={32}
            autoComplete="off"
            onChange={(event) => change({ extension: event.target.value.trim() })}
          />
        </div>
      </div>
      <Button type="submit" look="primary" className="search-go" disabled={!question.query.trim() || !ready || busy}>
        <IconSearch size={16} aria-hidden />
        {t("search.start")}
      </Button>
      {recent.length > 0 && (
        <Menu
          align="end"
          entries={() => [
            ...recent.map((each) => ({
              id: `${each.query} ${each.type} ${each.instanceId} ${each.extension}`,
              text: each.query,
              note: ago(each.at),
              onSelect: () => onRecent(each),
            })),
            { id: "forget", text: t("search.forget"), line: true, onSelect: onForget },
          ]}
        >
          <Button aria-label={t("search.recent")} title={t("search.recent")} className="btn-icon search-recents">
            <IconHistory size={18} aria-hidden />
          </Button>
        </Menu>
      )}
      {lonely && <p className="small tone-amber search-note">{t("search.notConnected")}</p>}
      {!ready && <p className="small tone-amber search-note">{t("search.noClient")}</p>}
    </form>
  );
}

/** The networks to choose from: those that the clients have several of. */
function networksOf(capabilities: Record<string, boolean>[]): [SearchType, string][] {
  const has = (name: string) => capabilities.some((each) => each[name]);
  const found: [SearchType, string][] = [];
  if (has("servers")) found.push(["global", t("search.global")], ["local", t("search.local")]);
  if (has("kad")) found.push(["kad", t("search.kad")]);
  return found;
}
