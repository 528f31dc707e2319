/** Sizes, speeds and times as people read them. Sizes are binary, named as the clients name them. */
import { getLanguage } from "../i18n";

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];
const formats = new Map<string, Intl.NumberFormat>();

function number(value: number, digits: number): string {
  const key = `${getLanguage()}${String(digits)}`;
  const options = { maximumFractionDigits: digits, minimumFractionDigits: digits };
  const format = formats.get(key) ?? new Intl.NumberFormat(getLanguage(), options);
  formats.set(key, format);
  return format.format(value);
}

/** `1.46 GB`: three digits that count, never `1054 MB`. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  let size = Math.max(0, value);
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 ? 0 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  return `${number(size, digits)} ${UNITS[unit] ?? ""}`;
}

export function speed(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : `${bytes(value)}/s`;
}

/** The same, empty where nothing moves: a column of zeros is noise. */
export function speedOrNothing(value: number | null | undefined): string {
  return value ? speed(value) : "";
}

/** The exact value, for tooltips. */
export function exactBytes(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : `${number(value, 0)} B`;
}

/** `99.9 %` at most until no byte is missing: it is rounded down. */
export function percent(value: number): string {
  if (value >= 100) return "100 %";
  const digits = value < 10 ? 1 : 0;
  const factor = 10 ** digits;
  return `${number(Math.floor(value * factor) / factor, digits)} %`;
}

export function ratio(value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  return number(value, value < 10 ? 2 : value < 100 ? 1 : 0);
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : number(value, 0);
}
