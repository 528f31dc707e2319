/** The filter of a list of items, as the address bar has it. */
import { useMemo } from "react";
import { patchQuery, usePlace } from "../router/router";
import { ALL_DOING, type Doing } from "./status";
import { FACETS, type Facet, type Filter } from "./filter";

/** Between several values of a facet: what cannot stand in one. */
const BETWEEN: Record<Facet, string> = { instance: "/", category: "/", tag: ",", tracker: "/" };

/** Read it from a query. */
export function filterOf(query: URLSearchParams): Filter {
  const doing = query.get("status") ?? "";
  const list = (facet: Facet) => (query.get(facet) ?? "").split(BETWEEN[facet]).filter(Boolean);
  return {
    text: query.get("q") ?? "",
    doing: (ALL_DOING as string[]).includes(doing) ? (doing as Doing) : "",
    instance: list("instance"),
    category: list("category"),
    tag: list("tag"),
    tracker: list("tracker"),
  };
}

export function isFiltering(filter: Filter): boolean {
  return filter.text.trim() !== "" || filter.doing !== "" || FACETS.some((each) => filter[each].length > 0);
}

export function setDoing(doing: Doing | ""): void {
  patchQuery({ status: doing }, "step");
}

export function setFacet(facet: Facet, values: string[]): void {
  patchQuery({ [facet]: values.join(BETWEEN[facet]) });
}

export function clearFilter(): void {
  patchQuery({ q: null, status: null, ...Object.fromEntries(FACETS.map((each) => [each, null])) }, "step");
}

export function useFilter(): Filter {
  const { query } = usePlace();
  return useMemo(() => filterOf(query), [query]);
}
