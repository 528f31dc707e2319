/** What we say of a file to others: a rating and a comment. Both are written together. */
import { useState } from "react";
import { call } from "../../api/client";
import { t, type Key } from "../../i18n";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { Segments } from "../../ui/Segments";
import { toastError } from "../../ui/toasts";
import type { ItemsDialogProps } from "../acts";

const RATINGS = ["0", "1", "2", "3", "4", "5"] as const;
type Rating = (typeof RATINGS)[number];

export default function RatingDialog({ items, onClose }: ItemsDialogProps) {
  const [item] = items;
  const [rating, setRating] = useState<Rating>(String(item?.rating ?? 0) as Rating);
  const [comment, setComment] = useState(item?.comment ?? "");
  function go() {
    if (!item) return;
    const body = { fileHash: item.hash, instanceId: item.instanceId, rating: Number(rating), comment };
    call("post", "/api/v1/downloads/rating-comment", { body }).then(onClose, toastError);
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit">
        {t("action.save")}
      </Button>
    </>
  );
  return (
    <Dialog title={t("rating.title")} onClose={onClose} onSubmit={go} foot={foot} dirty={comment !== (item?.comment ?? "") || Number(rating) !== (item?.rating ?? 0)}>
      <p className="truncate quiet">{item?.name}</p>
      <div className="scroll-x">
        <Segments
          label={t("rating.rating")}
          value={rating}
          options={RATINGS.map((each) => [each, t(`rating.${each}` as Key)])}
          onChange={setRating}
        />
      </div>
      <TextArea
        label={t("rating.comment")}
        maxLength={500}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
    </Dialog>
  );
}
