/** What to show of a list: columns, their order, the second sort, the height of rows. */
import { IconArrowDown, IconArrowUp, IconColumns3 } from "@tabler/icons-react";
import { t } from "../i18n";
import { Button, IconButton } from "../ui/Button";
import { Check, SelectField } from "../ui/Field";
import { Popover } from "../ui/Popover";
import { readSort, writeSort, type Column } from "./columns";
import { toast } from "../ui/toasts";
import { inOrder, isShown, moved, type Layout } from "./layout";

interface ColumnsMenuProps<Row> {
  columns: Column<Row>[];
  layout: Layout;
  setLayout: (layout: Layout) => void;
  /** Whether it can be sorted by a second column. */
  second?: boolean;
}

const WIDE = 10_000;

/** Each column to sort by, up and down. */
export function sortChoices<Row>(columns: Column<Row>[]): (readonly [sort: string, text: string])[] {
  return columns.flatMap((each) =>
    each.value ? [[each.id, `${t(each.title)} ↑`] as const, [`-${each.id}`, `${t(each.title)} ↓`] as const] : [],
  );
}

export function ColumnsMenu<Row>({ columns, layout, setLayout, second: twice = true }: ColumnsMenuProps<Row>) {
  const trigger = (
    <IconButton label={t("table.columns")}>
      <IconColumns3 size={18} aria-hidden />
    </IconButton>
  );
  const ordered = inOrder(columns, layout);
  const second = layout.second ?? null;
  /** Change it in a way that people may want back. */
  function change(next: Layout, said: string) {
    setLayout(next);
    toast(said, () => setLayout(layout));
  }
  function show(id: string, name: string, shown: boolean) {
    const next = { ...layout, shown: { ...layout.shown, [id]: shown } };
    if (shown) setLayout(next);
    else change(next, t("table.wasHidden", { name }));
  }
  return (
    <Popover trigger={trigger} label={t("table.columns")}>
      <p className="small quiet">{t("table.columnsHelp")}</p>
      <ul className="columns-list">
        {ordered.map((column, index) => {
          const name = t(column.title);
          return (
            <li key={column.id}>
              <Check
                label={name}
                checked={isShown(column, layout, WIDE)}
                disabled={column.grow ?? false}
                onChange={(shown) => show(column.id, name, shown)}
              />
              <IconButton
                label={t("table.moveUp", { name })}
                tip={false}
                disabled={index === 0}
                onClick={() => setLayout(moved(columns, layout, column.id, -1))}
              >
                <IconArrowUp size={16} aria-hidden />
              </IconButton>
              <IconButton
                label={t("table.moveDown", { name })}
                tip={false}
                disabled={index === ordered.length - 1}
                onClick={() => setLayout(moved(columns, layout, column.id, 1))}
              >
                <IconArrowDown size={16} aria-hidden />
              </IconButton>
            </li>
          );
        })}
      </ul>
      {twice && (
        <SelectField
          label={t("table.secondSort")}
          value={second ? writeSort(second) : ""}
          options={[["", t("state.none")], ...sortChoices(ordered)]}
          onChange={(text) =>
            setLayout({ ...layout, second: text ? readSort(text, { column: "", descending: false }) : null })
          }
        />
      )}
      <Check
        label={t("table.compact")}
        checked={layout.compact ?? false}
        onChange={(compact) => setLayout({ ...layout, compact })}
      />
      <Button onClick={() => change({}, t("table.wasReset"))}>{t("table.resetLayout")}</Button>
    </Popover>
  );
}
