/** Whose a key is: of what has the focus, or of the page. */

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";
const FLOATING = "[role=menu], [role=dialog], [role=alertdialog], [role=listbox]";

/** Somebody types, or is in a menu or a dialog: no key is the page's. */
export function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${TYPING}, ${FLOATING}`) !== null;
}

const OWN: Record<string, string> = {
  " ": "button, summary, input",
  Enter: "a, button, summary",
};
/** What is moved in, or scrolled, by arrows. */
const MOVED_IN = "[role=radio], [role=tab], [role=slider], [tabindex='0']:not([role=grid])";

/** Whether what has the focus needs this key itself. */
export function needsKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  const moves = /^(Arrow|Page|Home|End)/.test(key) ? MOVED_IN : "";
  const own = OWN[key] ?? moves;
  return own !== "" && target.closest(own) !== null;
}
