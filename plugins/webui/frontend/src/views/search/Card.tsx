/** A result on a phone. */
import { bytes, count } from "../../format/units";
import { t } from "../../i18n";
import { Stars } from "../../items/panel/Rating";
import { ClientBadge } from "../../items/Status";
import { MarkCell } from "./marks";
import type { Found } from "./runs";

export const CARD_HEIGHT = 72;

export function ResultCard({ row }: { row: Found }) {
  return (
    <div className="item-card">
      <div className="row">
        <span className="name truncate grow">{row.fileName}</span>
        <ClientBadge id={row.instanceId} />
      </div>
      <div className="line number">
        <span>{bytes(row.fileSize)}</span>
        <span className="quiet">{t("search.sourceCount", { count: row.sourceCount, shown: count(row.sourceCount) })}</span>
        {row.rating ? <Stars rating={row.rating} /> : null}
        <span className="push">
          <MarkCell row={row} />
        </span>
      </div>
    </div>
  );
}
