/** Filters of a list of items: a tab per status with its count, and what else can be chosen. */
import { IconX } from "@tabler/icons-react";
import { count } from "../format/units";
import { getLanguage, t, type Key } from "../i18n";
import { getLive } from "../live/store";
import { ListTools, type ListToolsProps } from "../table/ListTools";
import { Button, IconButton } from "../ui/Button";
import { Check } from "../ui/Field";
import { Popover } from "../ui/Popover";
import { FACETS, NONE, type Facet, type Facets, type Filter } from "./filter";
import { ALL_DOING, wordOf, type Doing } from "./status";
import { clearFilter, isFiltering, setDoing, setFacet } from "./useFilter";

const TITLES: Record<Facet, Key> = {
  instance: "filter.client",
  category: "filter.category",
  tag: "filter.tag",
  tracker: "filter.tracker",
};

const WITHOUT: Record<Facet, Key> = {
  instance: "state.none",
  category: "filter.noCategory",
  tag: "filter.noTag",
  tracker: "filter.noTracker",
};

/** How a value of a facet is called. */
function nameOf(facet: Facet, value: string): string {
  if (value === NONE) return t(WITHOUT[facet]);
  return facet === "instance" ? (getLive().instances[value]?.name ?? value) : value;
}

/** The values of a facet with their counts; those that are chosen stay, even if nothing has them now. */
function choices(facet: Facet, filter: Filter, facets: Facets): [value: string, count: number][] {
  const counts = new Map(facets[facet]);
  for (const value of filter[facet]) counts.set(value, counts.get(value) ?? 0);
  return [...counts].sort(([a], [b]) => nameOf(facet, a).localeCompare(nameOf(facet, b), getLanguage()));
}

interface FilterBarProps<Row> {
  filter: Filter;
  doing: Map<Doing, number>;
  counts: Facets;
  /** What else the bar has. */
  list: ListToolsProps<Row>;
}

export function FilterBar<Row>({ filter, doing, counts, list }: FilterBarProps<Row>) {
  const all = [...doing.values()].reduce((sum, each) => sum + each, 0);
  const seen = ALL_DOING.filter((each) => doing.has(each) || filter.doing === each);
  const facets = FACETS.filter((each) => choices(each, filter, counts).length > 1 || filter[each].length > 0);
  return (
    <div className="filter-bar">
      <div className="filter-tabs" role="group" aria-label={t("filter.statuses")}>
        <Tab doing="" now={filter.doing} found={all} />
        {seen.map((each) => (
          <Tab key={each} doing={each} now={filter.doing} found={doing.get(each) ?? 0} />
        ))}
      </div>
      <span className="push row">
        {facets.map((facet) => (
          <FacetChip key={facet} facet={facet} filter={filter} counts={counts} />
        ))}
        {isFiltering(filter) && (
          <IconButton label={t("action.clearFilters")} onClick={clearFilter}>
            <IconX size={16} aria-hidden />
          </IconButton>
        )}
        <ListTools {...list}>
          {facets.map((facet) => (
            <FacetChoices key={facet} facet={facet} filter={filter} counts={counts} />
          ))}
        </ListTools>
      </span>
    </div>
  );
}

function Tab({ doing, now, found }: { doing: Doing | ""; now: Doing | ""; found: number }) {
  return (
    <button type="button" className="filter-tab" aria-pressed={doing === now} onClick={() => setDoing(doing)}>
      {t(doing === "" ? "filter.all" : wordOf(doing))}
      <span className="number">{count(found)}</span>
    </button>
  );
}

interface FacetProps {
  facet: Facet;
  filter: Filter;
  counts: Facets;
}

function FacetChip({ facet, filter, counts }: FacetProps) {
  const chosen = filter[facet];
  const [first] = chosen;
  const title = t(TITLES[facet]);
  const words = first === undefined ? title : chosen.length === 1 ? nameOf(facet, first) : `${title} (${count(chosen.length)})`;
  return (
    <Popover label={title} trigger={<Button className={chosen.length > 0 ? "filter-chip on" : "filter-chip"}>{words}</Button>}>
      <FacetChoices facet={facet} filter={filter} counts={counts} />
    </Popover>
  );
}

function FacetChoices({ facet, filter, counts }: FacetProps) {
  const chosen = filter[facet];
  return (
    <fieldset className="stack facet">
      <legend className="small quiet">{t(TITLES[facet])}</legend>
      {choices(facet, filter, counts).map(([value, found]) => (
        <Check
          key={value}
          label={
            <>
              {nameOf(facet, value)} <span className="quiet small number">{count(found)}</span>
            </>
          }
          checked={chosen.includes(value)}
          onChange={(on) => setFacet(facet, on ? [...chosen, value] : chosen.filter((each) => each !== value))}
        />
      ))}
    </fieldset>
  );
}
