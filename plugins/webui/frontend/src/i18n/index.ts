/** The texts of the UI in the language that the user or the browser chose. */
import { useSyncExternalStore } from "react";
import { en } from "./en";
import { fill, type Values } from "./translate";

export type Key = keyof typeof en;
export type Catalogue = Record<Key, string>;

export const LANGUAGES = { en: "English", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

const REMEMBERED = "amutorrent.language";
let language: Language = "en";
let texts: Catalogue = en;
const listeners = new Set<() => void>();

/** The language that was chosen here, else the first of the browser's that there is. */
export function preferredLanguage(): Language {
  const remembered = localStorage.getItem(REMEMBERED);
  const wanted = [remembered, ...navigator.languages].map((each) => each?.slice(0, 2) ?? "");
  return (wanted.find((each) => each in LANGUAGES) as Language | undefined) ?? "en";
}

export async function setLanguage(next: Language, remember = false): Promise<void> {
  texts = next === "es" ? (await import("./es")).es : en;
  language = next;
  document.documentElement.lang = next;
  if (remember) localStorage.setItem(REMEMBERED, next);
  for (const each of [...listeners]) each();
}

export function getLanguage(): Language {
  return language;
}

/** Give a text in the language of now. Components are drawn anew when it changes, since the root is. */
export function t(key: Key, values: Values = {}): string {
  return fill(texts[key], values, language);
}

export function useLanguage(): Language {
  return useSyncExternalStore((heard) => {
    listeners.add(heard);
    return () => listeners.delete(heard);
  }, getLanguage);
}
