/** The categories: where their files go, what they look like, and what is wrong with their paths. */
import { IconAlertTriangle, IconArrowRight, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMemo } from "react";
import { call } from "../../api/client";
import type { Category } from "../../api/types";
import { t } from "../../i18n";
import { categoryColor } from "../../items/colors";
import { useInstances } from "../../live/hooks";
import { getLive, useItems, useLive } from "../../live/store";
import { Link } from "../../router/Link";
import { pathOf } from "../../router/router";
import { Button, IconButton } from "../../ui/Button";
import { confirm } from "../../ui/Confirm";
import { Skeleton } from "../../ui/Parts";
import { toast, toastError } from "../../ui/toasts";
import "./categories.css";
import { openCategory } from "./EditDialog";
import { DEFAULT_ID, priorityWord, warningsOf } from "./facts";

export default function Categories() {
  const categories = useLive((live) => live.categories);
  const loaded = useLive((live) => live.loaded);
  const counts = useCounts();
  if (!loaded) {
    return (
      <div className="page">
        <Skeleton lines={6} />
      </div>
    );
  }
  const alone = categories.every((each) => each.id === DEFAULT_ID);
  return (
    <div className="page categories">
      <div className="row wrap">
        <p className="quiet grow">{t("cats.intro")}</p>
        <Button look="primary" onClick={() => openCategory(null)}>
          <IconPlus size={16} aria-hidden />
          {t("cats.new")}
        </Button>
      </div>
      <ul className="card category-list">
        {categories.map((each) => (
          <Line key={each.id} category={each} count={counts.get(each.id) ?? 0} />
        ))}
      </ul>
      {alone && <p className="quiet">{t("cats.none")}</p>}
    </div>
  );
}

function useCounts(): Map<number, number> {
  const { items, revision } = useItems();
  return useMemo(() => {
    const counts = new Map<number, number>();
    for (const { categoryId } of items.values()) counts.set(categoryId ?? DEFAULT_ID, (counts.get(categoryId ?? DEFAULT_ID) ?? 0) + 1);
    return counts;
    // the map is the same object; the revision says that entries changed
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [items, revision]);
}

function Line({ category, count }: { category: Category; count: number }) {
  const isDefault = category.id === DEFAULT_ID;
  const warnings = warningsOf(category);
  const filter = new URLSearchParams({ category: isDefault ? "-" : category.name });
  return (
    <li className="category-line">
      <span className="dot category-dot" style={{ background: categoryColor(category.color) }} />
      <div className="category-name">
        <h2 className="truncate" title={category.title}>
          {category.title}
        </h2>
        {count > 0 ? (
          <Link className="small" to={pathOf("downloads", [], filter)}>
            {t("unit.items", { count })}
          </Link>
        ) : (
          <span className="small quiet">{t("cats.unused")}</span>
        )}
      </div>
      <div className="category-paths">
        <Paths category={category} />
        {category.comment && <p className="small quiet">{category.comment}</p>}
        {category.priority !== 0 && <p className="small quiet">{`${t("column.priority")}: ${t(priorityWord(category))}`}</p>}
        {warnings.map(([key, text]) => (
          <p key={key} className="small tone-amber row category-warning">
            <IconAlertTriangle size={16} aria-hidden />
            <span>{key ? `${nameOf(key)}: ${text}` : text}</span>
          </p>
        ))}
      </div>
      <span className="row category-tools">
        <IconButton label={t("cats.edit", { name: category.title })} onClick={() => openCategory(category, count)}>
          <IconPencil size={18} aria-hidden />
        </IconButton>
        <IconButton
          label={isDefault ? t("cats.defaultStays") : t("cats.delete", { name: category.title })}
          aria-disabled={isDefault}
          onClick={() => !isDefault && askAndDelete(category, count)}
        >
          <IconTrash size={18} aria-hidden />
        </IconButton>
      </span>
    </li>
  );
}

/** A mapping is for an instance, or for all of a type. */
function nameOf(key: string): string {
  return getLive().instances[key]?.name ?? t("cats.ofType", { type: key });
}

/** The path for clients; for `Default` without one the clients' own; and where this daemon finds it, if that is elsewhere. */
function Paths({ category }: { category: Category }) {
  const instances = useInstances();
  const defaults = useLive((live) => live.defaultPaths);
  const mappings = Object.entries(category.pathMappings ?? {});
  const own = category.id === DEFAULT_ID && !category.path ? instances.filter(([id]) => defaults[id]) : [];
  return (
    <>
      {category.path && <p className="mono truncate" title={category.path}>{category.path}</p>}
      {!category.path && own.length === 0 && <p className="quiet">{t("cats.noPath")}</p>}
      {own.map(([id, each]) => (
        <PathLine key={id} name={each.name} path={defaults[id] ?? ""} />
      ))}
      {mappings.map(([key, path]) => (
        <PathLine key={key} name={nameOf(key)} path={path} mapped />
      ))}
    </>
  );
}

function PathLine({ name, path, mapped = false }: { name: string; path: string; mapped?: boolean }) {
  return (
    <p className="small row" title={path}>
      <span className="quiet category-of truncate">{name}</span>
      {mapped && <IconArrowRight size={14} role="img" aria-label={t("cats.foundAt")} />}
      <span className="mono truncate">{path}</span>
    </p>
  );
}

function askAndDelete(category: Category, count: number): void {
  const { instances } = getLive();
  const clients = Object.values(instances).filter((each) => each.connected && each.capabilities["categories"]);
  confirm({
    title: t("cats.deleteTitle", { name: category.title }),
    children: (
      <>
        <p>{t(count > 0 ? "cats.deleteItems" : "cats.deleteNothing", { count })}</p>
        {clients.length > 0 && <p>{t("cats.deleteClients", { names: clients.map((each) => each.name).join(", ") })}</p>}
        {category.path && <p className="quiet">{t("cats.deleteFolder", { path: category.path })}</p>}
      </>
    ),
    yes: t("action.delete"),
    onYes: () => void remove(category),
  });
}

async function remove(category: Category): Promise<void> {
  try {
    const { warnings = [] } = await call("delete", "/api/v1/categories", { body: { name: category.name } });
    if (warnings.length > 0) toastError(new Error(warnings.join("\n")), t("cats.deletedBut"));
    else toast(t("cats.deleted", { name: category.title }));
  } catch (error) {
    toastError(error);
  }
}
