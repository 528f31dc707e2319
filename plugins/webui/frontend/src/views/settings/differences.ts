/** What differs between two versions of the same settings, field by field. */
import { MASK } from "../../ui/mask";

export interface Difference {
  field: string;
  saved: string;
  mine: string;
}

/** List the leaves that differ; secrets are never shown. */
export function differences(saved: unknown, mine: unknown, at = ""): Difference[] {
  if (isTree(saved) && isTree(mine)) {
    const names = [...new Set([...Object.keys(saved), ...Object.keys(mine)])];
    return names.flatMap((name) => differences(saved[name], mine[name], at ? `${at}.${name}` : name));
  }
  if (JSON.stringify(saved) === JSON.stringify(mine)) return [];
  const secret = saved === MASK || mine === MASK;
  return [{ field: at, saved: secret ? MASK : shown(saved), mine: secret ? MASK : shown(mine) }];
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}
