/** A peer on a phone. */
import type { Upload } from "../../api/types";
import { bytes, speedOrNothing } from "../../format/units";
import { ClientBadge } from "../../items/Status";
import { nameOf } from "./columns";

export const CARD_HEIGHT = 64;

export function PeerCard({ peer }: { peer: Upload }) {
  return (
    <div className="item-card">
      <div className="row">
        <span className="name truncate grow">{peer.parentName}</span>
        <ClientBadge id={peer.instanceId} />
      </div>
      <div className="line number quiet">
        <span className="truncate">{nameOf(peer)}</span>
        <span className="tone-green">{speedOrNothing(peer.uploadRate)}</span>
        <span>{bytes(peer.uploadTotal)}</span>
      </div>
    </div>
  );
}
