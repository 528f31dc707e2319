/** Where words stand in a text. */

/** Split a text into parts, each with whether it is one of the words (in lower case); the parts together are the text. */
export function marksIn(text: string, words: readonly string[]): [part: string, found: boolean][] {
  // the longest first: of "log" and "login" the whole of the second is marked
  const any = words.toSorted((a, b) => b.length - a.length).map((each) => each.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (any.length === 0) return [[text, false]];
  const parts = text.split(new RegExp(`(${any.join("|")})`, "gi"));
  return parts.map((part, at): [string, boolean] => [part, at % 2 === 1]).filter(([part]) => part !== "");
}
