/** What the daemon wants of a password, as far as that can be said while it is typed. Source: http-api 3. */
import type { Key } from "../i18n";

export const SHORTEST = 8;
export const LONGEST = 256;

/** Each rule with whether it is kept; null: only the daemon knows. */
export function rulesOf(password: string, username: string): [rule: Key, kept: boolean | null][] {
  const length = [...password].length;
  return [
    ["password.length", length >= SHORTEST && length <= LONGEST],
    ["password.notName", password.toLowerCase() !== username.trim().toLowerCase()],
    ["password.notCommon", null],
  ];
}
