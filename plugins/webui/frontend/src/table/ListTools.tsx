/** What a list can be told as a whole: to sort anew, which columns to show; on a phone a sheet with all of it. */
import { IconAdjustmentsHorizontal, IconArrowsSort } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { t } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Sheet } from "../ui/Dialog";
import { SelectField } from "../ui/Field";
import type { Entry } from "../ui/Menu";
import { NOT_DESKTOP, PHONE, useMedia } from "../ui/useMedia";
import { readSort, writeSort, type Column, type Sort } from "./columns";
import { ColumnsMenu, sortChoices } from "./ColumnsMenu";
import type { Layout } from "./layout";

export interface ListToolsProps<Row> {
  columns: Column<Row>[];
  layout: Layout;
  setLayout: (layout: Layout) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Whether it can be sorted by a second column. */
  second?: boolean;
  /** Its order, where that can be held. */
  order?: { held: boolean; resort: () => void };
  /** What can be done beside that. */
  tools?: Entry[];
  /** Filters that stand in the sheet of phones. */
  children?: ReactNode;
}

export function ListTools<Row>(props: ListToolsProps<Row>) {
  const phone = useMedia(PHONE);
  const { columns, layout, setLayout, second = true, order, tools = [] } = props;
  return (
    <>
      {/* in the bar, where it moves no row from under the pointer */}
      {order?.held && <Resort onResort={order.resort} />}
      {phone ? (
        <PhoneTools {...props} />
      ) : (
        <>
          {tools.map((each) => (
            <Tool key={each.id} tool={each} />
          ))}
          <ColumnsMenu columns={columns} layout={layout} setLayout={setLayout} second={second} />
        </>
      )}
    </>
  );
}

function Resort({ onResort }: { onResort: () => void }) {
  const narrow = useMedia(NOT_DESKTOP);
  const icon = <IconArrowsSort size={16} aria-hidden />;
  if (narrow) {
    return (
      <IconButton label={t("table.resort")} onClick={onResort}>
        {icon}
      </IconButton>
    );
  }
  return (
    <Button look="quiet" title={t("table.held")} onClick={onResort}>
      {icon}
      {t("table.resort")}
    </Button>
  );
}

function Tool({ tool, onDone }: { tool: Entry; onDone?: () => void }) {
  return (
    <Button
      onClick={() => {
        onDone?.();
        tool.onSelect?.();
      }}
    >
      {tool.icon}
      {tool.text}
    </Button>
  );
}

function PhoneTools<Row>({ columns, sort, onSort, tools = [], children }: ListToolsProps<Row>) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <IconButton label={t("filter.more")} tip={false} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <IconAdjustmentsHorizontal size={20} aria-hidden />
      </IconButton>
      {open && (
        <Sheet title={t("filter.more")} onClose={close}>
          <SelectField
            label={t("filter.sortBy")}
            value={writeSort(sort)}
            options={sortChoices(columns)}
            onChange={(text) => onSort(readSort(text, sort))}
          />
          {children}
          {tools.map((each) => (
            <Tool key={each.id} tool={each} onDone={close} />
          ))}
        </Sheet>
      )}
    </>
  );
}
