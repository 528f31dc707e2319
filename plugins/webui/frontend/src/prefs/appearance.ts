/** Theme and text size: kept in this browser, so that they hold before anything is loaded (`public/ui/theme.js`). */
export type Theme = "system" | "light" | "dark";
export type TextSize = "normal" | "large";

const root = () => document.documentElement.dataset;

export function getTheme(): Theme {
  return (root()["theme"] as Theme | undefined) ?? "system";
}

export function setTheme(theme: Theme): void {
  keep("theme", theme === "system" ? null : theme);
  dispatchEvent(new Event("amutorrent:theme"));
}

export function getTextSize(): TextSize {
  return root()["text"] === "large" ? "large" : "normal";
}

export function setTextSize(size: TextSize): void {
  keep("text", size === "normal" ? null : size);
}

function keep(name: string, value: string | null): void {
  if (value === null) {
    document.documentElement.removeAttribute(`data-${name}`);
    localStorage.removeItem(`amutorrent.${name}`);
  } else {
    root()[name] = value;
    localStorage.setItem(`amutorrent.${name}`, value);
  }
}
