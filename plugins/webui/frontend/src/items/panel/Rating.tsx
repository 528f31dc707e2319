/** Stars, and what others say of a file. */
import type { Item } from "../../api/types";
import { t, type Key } from "../../i18n";
import { useDetail } from "./useDetail";

export function Stars({ rating }: { rating: number }) {
  const word = t(`rating.${String(rating)}` as Key);
  if (rating === 0) return <span className="quiet">{word}</span>;
  return (
    <span className="stars" role="img" aria-label={word} title={word}>
      {"★".repeat(rating) + "☆".repeat(5 - rating)}
    </span>
  );
}

export function Comments({ item }: { item: Item }) {
  const { data } = useDetail(item);
  const comments = data?.comments ?? [];
  if (comments.length === 0) return null;
  return (
    <section className="stack">
      <h3>{t("panel.comments")}</h3>
      {comments.map((each, index) => (
        <div key={index} className="panel-line">
          <div className="grow">
            <div>{each.comment || each.fileName}</div>
            <div className="small quiet">{each.userName}</div>
          </div>
          <Stars rating={each.rating} />
        </div>
      ))}
    </section>
  );
}
