/** Times and durations as people read them. */
import { getLanguage, t } from "../i18n";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LONGEST = 100 * DAY;

/** `2 h 5 min` of seconds: two units at most, with `rough` one; above a hundred days it says so. */
export function duration(seconds: number | null | undefined, rough = false): string {
  if (seconds === null || seconds === undefined) return "";
  const s = Math.max(0, Math.round(seconds));
  if (s > LONGEST) return "> 100 d";
  if (s < MINUTE) return `${String(s)} s`;
  if (s < HOUR) return two(s, MINUTE, "min", 1, "s", rough ? 0 : 10 * MINUTE);
  if (s < DAY) return two(s, HOUR, "h", MINUTE, "min", rough ? 0 : 10 * HOUR);
  return two(s, DAY, "d", HOUR, "h", rough ? 0 : 10 * DAY);
}

function two(s: number, big: number, bigName: string, small: number, smallName: string, coarse: number): string {
  const whole = Math.floor(s / big);
  const rest = Math.floor((s % big) / small);
  const first = `${String(whole)} ${bigName}`;
  return s >= coarse || rest === 0 ? first : `${first} ${String(rest)} ${smallName}`;
}

type When = string | number | Date | null | undefined;

function dateOf(when: When): Date | null {
  if (when === null || when === undefined || when === "") return null;
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** `3 h ago`, or the day when it is longer ago than a week. */
export function ago(when: When, now: number = Date.now()): string {
  const date = dateOf(when);
  if (!date) return "";
  const seconds = Math.max(0, (now - date.getTime()) / 1000);
  if (seconds < MINUTE) return t("time.now");
  if (seconds < 7 * DAY) return t("time.ago", { time: duration(coarse(seconds)) });
  return date.toLocaleDateString(getLanguage(), { year: "numeric", month: "short", day: "numeric" });
}

function coarse(seconds: number): number {
  const unit = seconds < HOUR ? MINUTE : seconds < DAY ? HOUR : DAY;
  return Math.floor(seconds / unit) * unit;
}

/** Day and time to the second, for tooltips and details. */
export function exactTime(when: When): string {
  return dateOf(when)?.toLocaleString(getLanguage(), { dateStyle: "medium", timeStyle: "medium" }) ?? "";
}

/** The time of day, for what was a moment ago; with its day if that was not today. */
export function moment(when: When, now: number = Date.now()): string {
  const date = dateOf(when);
  return date && date.toDateString() !== new Date(now).toDateString() ? exactTime(date) : clock(date);
}

/** A day of the calendar, `2026-01-31`: the same one wherever that is read. */
export function day(text: string): string {
  return new Date(`${text}T12:00`).toLocaleDateString(getLanguage(), { dateStyle: "long" });
}

export function clock(when: When): string {
  return dateOf(when)?.toLocaleTimeString(getLanguage()) ?? "";
}
