/** Who is connected for an item, or has it: how many in which state, what goes back and forth, and each of them. */
import { useMemo, useState } from "react";
import type { Item, Peer } from "../../../api/types";
import { count as number, speed } from "../../../format/units";
import { t } from "../../../i18n";
import { Failed } from "../../../ui/Loaded";
import { Skeleton } from "../../../ui/Parts";
import { useDetail } from "../useDetail";
import { inOrder, stateOf, totalsOf, wordOfState } from "./peers";
import { PeerTable, type Sorted } from "./PeerTable";
import "./peers.css";

const NOBODY: Peer[] = [];

export default function PeersTab({ item }: { item: Item }) {
  const { data, error, again } = useDetail(item);
  const [wanted, setWanted] = useState<string | null>(null);
  const [sorted, setSorted] = useState<Sorted>({ order: "down", descending: true });
  const peers = data?.peers ?? NOBODY;
  const totals = useMemo(() => totalsOf(peers), [peers]);
  const shown = useMemo(() => {
    const some = wanted === null ? peers : peers.filter((each) => stateOf(each) === wanted);
    return inOrder(some, sorted.order, sorted.descending);
  }, [peers, wanted, sorted]);
  if (!data) return error ? <Failed error={error} again={again} /> : <Skeleton lines={6} />;
  if (peers.length === 0) return <p className="quiet">{t("panel.noPeers")}</p>;
  // a state that nobody is in any more keeps its button as long as it is the one that is chosen
  const states = totals.states.some(([state]) => state === wanted) || wanted === null ? totals.states : [...totals.states, [wanted, 0] as const];
  return (
    <div className="panel-fill">
      <div className="panel-bar peers-bar small">
        <span className="number grow">{t("panel.peerCount", { count: peers.length })}</span>
        <span className="number tone-blue">↓ {speed(totals.down)}</span>
        <span className="number tone-green">↑ {speed(totals.up)}</span>
        {states.length > 1 && (
          <div className="peer-states" role="group" aria-label={t("uploads.state")}>
            {states.map(([state, count]) => (
              <button
                key={state}
                type="button"
                className="filter-tab"
                aria-pressed={wanted === state}
                onClick={() => setWanted(wanted === state ? null : state)}
              >
                {wordOfState(state)}
                <span className="number">{number(count)}</span>
              </button>
            ))}
          </div>
        )}
      </div>
      <PeerTable peers={shown} sorted={sorted} onSort={setSorted} />
    </div>
  );
}
