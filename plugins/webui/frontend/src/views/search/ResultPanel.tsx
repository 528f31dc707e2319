/** One result: what is known of it, and the button that downloads it. */
import { IconChevronDown, IconChevronUp, IconDownload } from "@tabler/icons-react";
import { may } from "../../api/me";
import { bytes, count, exactBytes } from "../../format/units";
import { t } from "../../i18n";
import { downloadPath } from "../../items/columns";
import { Stars } from "../../items/panel/Rating";
import { useInstance } from "../../live/hooks";
import { useLive } from "../../live/store";
import { Link } from "../../router/Link";
import { patchQuery } from "../../router/router";
import { Button, IconButton } from "../../ui/Button";
import { Copyable, Empty, Facts } from "../../ui/Parts";
import { SidePanel } from "../../ui/SidePanel";
import { getResults, linkOf, useChoice } from "./get";
import { itemsOf, MarkCell } from "./marks";
import type { Found } from "./runs";
import { TargetFields } from "./Target";

interface ResultPanelProps {
  /** It may be one that the daemon has forgotten. */
  row: Found | undefined;
  resultKey: string;
  /** The list beside it, in order: to step to the next one. */
  keys: string[];
}

/** The details of a result stand in the address, like those of an item. */
export function openResult(key: string | null): void {
  patchQuery({ result: key }, "step");
}

export function ResultPanel({ row, resultKey, keys }: ResultPanelProps) {
  const at = keys.indexOf(resultKey);
  const step = (by: number) => openResult(keys[at + by] ?? resultKey);
  return (
    <SidePanel
      title={row?.fileName ?? t("search.gone")}
      onClose={() => openResult(null)}
      tools={
        <>
          <IconButton label={t("panel.previous")} disabled={at <= 0} onClick={() => step(-1)}>
            <IconChevronUp size={18} aria-hidden />
          </IconButton>
          <IconButton label={t("panel.next")} disabled={at < 0 || at >= keys.length - 1} onClick={() => step(1)}>
            <IconChevronDown size={18} aria-hidden />
          </IconButton>
        </>
      }
    >
      {row ? <Body row={row} /> : <Empty title={t("search.gone")} />}
    </SidePanel>
  );
}

function Body({ row }: { row: Found }) {
  const name = useInstance(row.instanceId)?.name ?? row.instanceId;
  const link = linkOf(row);
  return (
    <div className="tab-panel stack">
      <MarkCell row={row} />
      <Items row={row} />
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
      {may("add_downloads") && <Get row={row} />}
    </div>
  );
}

/** Where it is already. */
function Items({ row }: { row: Found }) {
  const instances = useLive((live) => live.instances);
  const items = useLive(
    (live) => itemsOf(row, live),
    (a, b) => a.length === b.length && a.every((each, index) => each === b[index]),
  );
  return items.map((item) => (
    <Link key={item.instanceId} to={downloadPath(item)}>
      {t("search.openItem", { name: instances[item.instanceId]?.name ?? item.instanceId })}
    </Link>
  ));
}

function Get({ row }: { row: Found }) {
  const [choice] = useChoice();
  return (
    <form
      className="stack search-get"
      onSubmit={(event) => {
        event.preventDefault();
        void getResults([row], choice);
      }}
    >
      <TargetFields />
      <span>
        <Button look="primary" type="submit">
          <IconDownload size={16} aria-hidden />
          {t("search.get")}
        </Button>
      </span>
    </form>
  );
}
