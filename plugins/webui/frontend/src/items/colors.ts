/** Colours of instances and categories. */

const PALETTE = ["#2f7de1", "#2c9a50", "#b0562a", "#8257d8", "#b8860b", "#c2437e", "#0f8f8a", "#6b7a8f"];

/** The instance's own colour, else one that its id always gets. */
export function colorOf(id: string, own: string | null | undefined): string {
  if (own) return own;
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) >>> 0;
  return PALETTE[sum % PALETTE.length] ?? "#6b7a8f";
}

/** A category's colour is a number of blue, green, red: `data-model.md` 7. */
export function categoryColor(value: number | undefined): string {
  const bgr = value ?? 13_421_772;
  const [red, green, blue] = [bgr & 255, (bgr >> 8) & 255, (bgr >> 16) & 255];
  return `rgb(${String(red)} ${String(green)} ${String(blue)})`;
}

/** The number of a colour as `#rrggbb`, and back. */
export function categoryHex(value: number | undefined): string {
  const bgr = value ?? 13_421_772;
  return `#${[bgr & 255, (bgr >> 8) & 255, (bgr >> 16) & 255].map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

export function categoryNumber(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return (blue ?? 0) * 65_536 + (green ?? 0) * 256 + (red ?? 0);
}

/** Two letters for a name: the first of two words, or the first two. */
export function initials(name: string): string {
  const words = name.split(/[\s_-]+/).filter(Boolean);
  const [first, second] = words;
  if (first && second) return (first.charAt(0) + second.charAt(0)).toUpperCase();
  return (first ?? "?").slice(0, 2);
}
