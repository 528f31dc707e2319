/** What the statistics are made of: which part is looked at, and its points. */
import type { Reply } from "../../api/client";
import type { Point } from "../../charts/series";
import type { Moved } from "../../charts/transfer";

export type Dashboard = Reply<"/api/metrics/dashboard", "get">;
export type Totals = Dashboard["historicalStats"]["networks"][string];
export type Range = Dashboard["historicalStats"]["range"];

export const RANGES: Range[] = ["24h", "7d", "30d", "1y"];

/** All, one network or one instance: `network:ed2k`, `instance:rt`. */
export function partOf(text: string): { network: string; instance: string } {
  const [kind, ...rest] = text.split(":");
  const name = rest.join(":");
  return { network: kind === "network" ? name : "", instance: kind === "instance" ? name : "" };
}

export function totalsOf(found: Dashboard, network: string): Totals | undefined {
  return network ? found.historicalStats.networks[network] : found.historicalStats;
}

export function speedsOf(found: Dashboard, network: string): Point[] {
  return found.speedData.data.flatMap((each) => {
    const of = network ? each.networks[network] : each;
    return of ? [{ timestamp: each.timestamp, downloadSpeed: of.downloadSpeed, uploadSpeed: of.uploadSpeed }] : [];
  });
}

export function movedOf(found: Dashboard, network: string): Moved[] {
  return found.historicalData.data.flatMap((each) => {
    const of = network ? each.networks[network] : each;
    return of ? [{ timestamp: each.timestamp, down: of.downloadedDelta, up: of.uploadedDelta }] : [];
  });
}

export interface Line extends Moved {
  downloadSpeed: number;
  uploadSpeed: number;
}

/** The lines of the table that says the same as the charts, the newest first. */
export function linesOf(found: Dashboard, network: string): Line[] {
  return found.historicalData.data
    .flatMap((each) => {
      const of = network ? each.networks[network] : each;
      if (!of) return [];
      const { downloadSpeed, uploadSpeed, downloadedDelta: down, uploadedDelta: up } = of;
      return [{ timestamp: each.timestamp, down, up, downloadSpeed, uploadSpeed }];
    })
    .toReversed();
}
