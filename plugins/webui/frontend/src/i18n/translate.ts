/** Fill a text of the catalogue. Forms of number stand behind each other, separated by ` | `: one, then other. */
export type Values = Record<string, string | number>;

const rules = new Map<string, Intl.PluralRules>();

function rulesOf(language: string): Intl.PluralRules {
  const known = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, known);
  return known;
}

/** Give `text` with `{name}` replaced by the values; `count` chooses the form and is written with separators. */
export function fill(text: string, values: Values, language: string): string {
  const forms = text.split(" | ");
  const count = values["count"];
  const one = typeof count === "number" && rulesOf(language).select(count) === "one";
  const form = (one ? forms[0] : forms.at(-1)) ?? text;
  return form.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}
