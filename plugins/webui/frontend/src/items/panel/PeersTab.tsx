/** Who is connected for an item: what they have, and what goes back and forth. */
import type { Item, Peer } from "../../api/types";
import { bytes, speedOrNothing } from "../../format/units";
import { t } from "../../i18n";
import { Progress, Skeleton } from "../../ui/Parts";
import { useDetail } from "./useDetail";

const MOST = 200;

/** Those that give most come first, then those that take. */
export function byTraffic(peers: Peer[]): Peer[] {
  const weight = (peer: Peer) => (peer.downloadRate ?? 0) * 2 + (peer.uploadRate ?? 0);
  return peers.toSorted((a, b) => weight(b) - weight(a));
}

export default function PeersTab({ item }: { item: Item }) {
  const { data, error } = useDetail(item);
  if (!data) return error ? <p className="wrong">{error.message}</p> : <Skeleton lines={6} />;
  const peers = byTraffic(data.peers ?? []);
  if (peers.length === 0) return <p className="quiet">{t("panel.noPeers")}</p>;
  return (
    <div className="stack">
      <p className="small quiet">{t("panel.peerCount", { count: peers.length })}</p>
      <ul>
        {peers.slice(0, MOST).map((peer) => (
          <PeerRow key={`${peer.id} ${peer.role ?? ""}`} peer={peer} />
        ))}
      </ul>
    </div>
  );
}

function PeerRow({ peer }: { peer: Peer }) {
  const address = peer.port ? `${peer.address ?? ""}:${String(peer.port)}` : (peer.address ?? "");
  const about = [peer.software, peer.downloadState ?? peer.uploadState, peer.sourceFrom, peer.flags].filter(Boolean);
  return (
    <li className="panel-line">
      <div className="grow">
        <div className="truncate" title={address}>
          {peer.userName ?? peer.hostname ?? address}
        </div>
        <div className="small quiet truncate">{[peer.userName ? address : null, ...about].filter(Boolean).join(" · ")}</div>
      </div>
      <div className="small number" style={{ textAlign: "end", flex: "none", minWidth: 90 }}>
        {peer.downloadRate ? <div className="tone-blue">↓ {speedOrNothing(peer.downloadRate)}</div> : null}
        {peer.uploadRate ? <div className="tone-green">↑ {speedOrNothing(peer.uploadRate)}</div> : null}
        {!peer.downloadRate && !peer.uploadRate && peer.downloadTotal ? <div>{bytes(peer.downloadTotal)}</div> : null}
      </div>
      {peer.completedPercent !== null && peer.completedPercent !== undefined && (
        <div style={{ width: 96, flex: "none" }}>
          <Progress value={peer.completedPercent} label={t("panel.peerHas", { name: address })} />
        </div>
      )}
    </li>
  );
}
