/** One result: what is known of it, and the button that downloads it. */
import { IconDownload } from "@tabler/icons-react";
import { may } from "../../api/me";
import { bytes, count, exactBytes } from "../../format/units";
import { t } from "../../i18n";
import { downloadPath } from "../../items/columns";
import { Stars } from "../../items/panel/Rating";
import { useInstance } from "../../live/hooks";
import { getLive } from "../../live/store";
import { Link } from "../../router/Link";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { showDialog } from "../../ui/dialogs";
import { Copyable, Facts } from "../../ui/Parts";
import { getResults, linkOf, useChoice } from "./get";
import { itemsOf, MarkCell } from "./marks";
import type { Found } from "./runs";
import { TargetFields } from "./Target";

export function openResult(row: Found): void {
  showDialog((close) => <ResultDialog row={row} onClose={close} />);
}

function ResultDialog({ row, onClose }: { row: Found; onClose: () => void }) {
  const [choice] = useChoice();
  const name = useInstance(row.instanceId)?.name ?? row.instanceId;
  const link = linkOf(row);
  const adds = may("add_downloads");
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.close")}</Button>
      {adds && (
        <Button look="primary" type="submit">
          <IconDownload size={16} aria-hidden />
          {t("search.get")}
        </Button>
      )}
    </>
  );
  const get = () => {
    onClose();
    void getResults([row], choice);
  };
  return (
    <Dialog title={row.fileName} onClose={onClose} foot={foot} {...(adds ? { onSubmit: get } : {})}>
      <MarkCell row={row} />
      {itemsOf(row, getLive()).map((item) => (
        <Link key={item.instanceId} to={downloadPath(item)} onClick={onClose}>
          {t("search.openItem", { name: getLive().instances[item.instanceId]?.name ?? item.instanceId })}
        </Link>
      ))}
      <Facts
        facts={[
          [t("column.size"), <span key="size" title={exactBytes(row.fileSize)}>{bytes(row.fileSize)}</span>],
          [t("column.sources"), count(row.sourceCount)],
          [t("search.complete"), count(row.completeSources)],
          row.rating ? [t("search.rating"), <Stars key="rating" rating={row.rating} />] : null,
          [t("search.foundBy"), name],
          [t("column.hash"), <Copyable key="hash" text={row.fileHash} />],
          link !== null && [t("panel.link"), <Copyable key="link" text={link} />],
        ]}
      />
      {adds && <TargetFields />}
    </Dialog>
  );
}
