/** An entry of the history on a phone. */
import { ago, exactTime } from "../../format/time";
import { bytes } from "../../format/units";
import { EntryClient, EntryMark, nameOfUser, Waiting } from "./columns";
import type { Pager, Place } from "./pager";

export const CARD_HEIGHT = 72;

export function EntryCard({ place: { entry, index }, pager }: { place: Place; pager: Pager }) {
  if (!entry) return <Waiting pager={pager} index={index} />;
  return (
    <div className="item-card">
      <div className="row">
        <span className="name truncate grow">{entry.filename}</span>
        <EntryClient entry={entry} />
      </div>
      <div className="line number">
        <EntryMark status={entry.status} />
        <span className="quiet">{bytes(entry.size)}</span>
        {entry.username && <span className="quiet truncate">{nameOfUser(entry.username)}</span>}
        <span className="quiet push" title={exactTime(entry.started_at)}>
          {ago(entry.started_at)}
        </span>
      </div>
    </div>
  );
}
