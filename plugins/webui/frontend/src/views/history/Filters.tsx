/** Filters of the history: a tab per status, then client, user, category and dates; on a phone in a sheet. */
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { call } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { count } from "../../format/units";
import { t } from "../../i18n";
import { useInstances, useShown } from "../../live/hooks";
import { useLive } from "../../live/store";
import { patchQuery, usePlace, useQuery } from "../../router/router";
import { ListTools, type ListToolsProps } from "../../table/ListTools";
import { Button, IconButton } from "../../ui/Button";
import { SelectField, TextField } from "../../ui/Field";
import { Popover } from "../../ui/Popover";
import type { Place } from "./pager";
import { FILTERS, isFiltering, STATUSES } from "./question";

const COUNTS_MS = 30_000;
const MORE = ["instance", "user", "category", "from", "to"];

interface FiltersProps {
  /** People have accounts here, so entries have names. */
  users: boolean;
  list: ListToolsProps<Place>;
  children: ReactNode;
}

export function clearFilters(): void {
  patchQuery(Object.fromEntries(FILTERS.map((name) => [name, null])), "step");
}

export function Filters({ users, list, children }: FiltersProps) {
  const { query } = usePlace();
  const chosen = MORE.filter((name) => query.get(name)).length;
  return (
    <div className="filter-bar">
      <StatusTabs />
      <span className="push row">
        <Popover
          label={t("hist.filters")}
          trigger={
            <Button className={chosen > 0 ? "filter-chip on" : "filter-chip"}>
              {chosen > 0 ? `${t("hist.filters")} (${String(chosen)})` : t("hist.filters")}
            </Button>
          }
        >
          <MoreFilters users={users} />
        </Popover>
        {isFiltering(query) && (
          <IconButton label={t("action.clearFilters")} onClick={clearFilters}>
            <IconX size={16} aria-hidden />
          </IconButton>
        )}
        {children}
        <ListTools {...list}>
          <MoreFilters users={users} />
        </ListTools>
      </span>
    </div>
  );
}

/** With counts of all there is, as long as nothing else is chosen and nobody hidden: others would not fit. */
function StatusTabs() {
  const [now, set] = useQuery("status", "step");
  const { query } = usePlace();
  const plain = useShown().query === "" && !FILTERS.some((name) => name !== "status" && query.get(name));
  const { data } = useAsked("stats", (signal) => call("get", "/api/history/stats", { signal }), COUNTS_MS);
  const tab = (status: string, word: string, found: number | undefined) => (
    <button key={status} type="button" className="filter-tab" aria-pressed={status === now} onClick={() => set(status)}>
      {word}
      {plain && found !== undefined && <span className="number">{count(found)}</span>}
    </button>
  );
  return (
    <div className="filter-tabs" role="group" aria-label={t("filter.statuses")}>
      {tab("", t("filter.all"), data?.total)}
      {STATUSES.map((each) => tab(each, t(`history.${each}`), data?.[each]))}
    </div>
  );
}

function MoreFilters({ users }: { users: boolean }) {
  const [instance, setInstance] = useQuery("instance");
  const [user, setUser] = useQuery("user");
  const [category, setCategory] = useQuery("category");
  const [from, setFrom] = useQuery("from");
  const [to, setTo] = useQuery("to");
  const instances = useInstances();
  const categories = useLive((live) => live.categories);
  const named = categories.filter((each) => each.id !== 0).map((each) => [each.name, each.name] as const);
  return (
    <div className="stack history-filters">
      <SelectField
        label={t("filter.client")}
        value={instance}
        options={[["", t("filter.all")], ...instances.map(([id, each]) => [id, each.name] as const)]}
        onChange={setInstance}
      />
      <SelectField
        label={t("filter.category")}
        value={category}
        options={[["", t("filter.all")], ["none", t("filter.noCategory")], ...named]}
        onChange={setCategory}
      />
      {users && (
        <TextField label={t("history.by")} help={t("hist.userHelp")} value={user} onChange={(event) => setUser(event.target.value)} />
      )}
      <div className="row">
        <TextField label={t("hist.from")} type="date" value={from} max={to} onChange={(event) => setFrom(event.target.value)} />
        <TextField label={t("hist.to")} type="date" value={to} min={from} onChange={(event) => setTo(event.target.value)} />
      </div>
    </div>
  );
}
