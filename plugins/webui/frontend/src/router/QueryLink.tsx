/** A link that changes some words of the query, whatever else of it there is now: a row is drawn seldom, the address changes. */
import type { ComponentProps } from "react";
import { Link } from "./Link";
import { patched, pathOf, usePlace } from "./router";

interface QueryLinkProps extends Omit<ComponentProps<typeof Link>, "to"> {
  patch: Record<string, string | null>;
}

export function QueryLink({ patch, ...rest }: QueryLinkProps) {
  const place = usePlace();
  return <Link to={pathOf(place.view, place.rest) + patched(place.query.toString(), patch)} {...rest} />;
}
