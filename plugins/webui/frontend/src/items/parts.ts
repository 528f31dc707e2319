/** Read the part map of an ED2K file into pieces to paint. Source: amule-ec, data-model 2. */

/** What is known of a stretch: here, asked for, to be had from few or many, from nobody. */
export type PartKind = "have" | "asked" | "few" | "many" | "none";

export type Part = [from: number, to: number, kind: PartKind];

interface Known {
  partStatus: number[] | undefined;
  gapStatus?: number[] | null | undefined;
  reqStatus?: number[] | null | undefined;
  size: number;
}

export const PART_SIZE = 9_728_000;
const MANY = 5;

/** In the order of the legend. */
export const PART_KINDS: PartKind[] = ["have", "asked", "many", "few", "none"];

const COLORS: Record<PartKind, string> = {
  have: "--green-fill",
  asked: "--amber-fill",
  few: "--blue-fill",
  many: "--part-many",
  none: "--red-fill",
};

export function colorOfPart(kind: PartKind): string {
  return COLORS[kind];
}

/** Stretches in the order in which they are painted over each other. Without gaps only the sources are known. */
export function partsOf({ partStatus, gapStatus, reqStatus, size }: Known): Part[] {
  const sources = (partStatus ?? []).map((found, index): Part => {
    const from = index * PART_SIZE;
    const kind = found === 0 ? "none" : found < MANY ? "few" : "many";
    return [from, Math.min(size, from + PART_SIZE), kind];
  });
  if (!gapStatus) return sources;
  return [...sources, ...between(gapStatus, size), ...pairs(reqStatus ?? []).map(([a, b]): Part => [a, b, "asked"])];
}

/** What lies between the gaps is here. */
function between(gaps: number[], size: number): Part[] {
  const have: Part[] = [];
  let at = 0;
  for (const [from, to] of pairs(gaps)) {
    if (from > at) have.push([at, from, "have"]);
    at = Math.max(at, to);
  }
  if (at < size) have.push([at, size, "have"]);
  return have;
}

function pairs(flat: number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) found.push([flat[index] ?? 0, flat[index + 1] ?? 0]);
  return found;
}
