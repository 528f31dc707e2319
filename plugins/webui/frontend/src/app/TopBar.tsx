/** The bar above every view: title, filter, add, instances, speeds, disk, account. */
import { IconDatabase, IconFilter, IconPlus } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { openAdd } from "../add/open";
import { may } from "../api/me";
import { bytes } from "../format/units";
import { t } from "../i18n";
import { useLive } from "../live/store";
import { patchQuery, usePlace } from "../router/router";
import { Button } from "../ui/Button";
import { Tip } from "../ui/Tip";
import type { View } from "../views";
import { InstanceChips } from "./InstanceChips";
import { Speeds } from "./Speeds";
import { UserMenu } from "./UserMenu";

export const FILTER_ID = "filter";

export function TopBar({ view }: { view: View | undefined }) {
  return (
    <header className={view?.filtered ? "top filtered" : "top"}>
      <h1>{view ? t(view.title) : "aMuTorrent"}</h1>
      {view?.filtered && <FilterBox key={view.id} />}
      {may("add_downloads") && (
        <Button look="primary" className="add-button" aria-label={t("top.add")} onClick={() => openAdd()}>
          <IconPlus size={16} aria-hidden />
          <span className="word">{t("top.add")}</span>
        </Button>
      )}
      <InstanceChips />
      <Machine />
      <Speeds />
      <UserMenu />
    </header>
  );
}

/** Writes `q` of the address; what is typed shows at once. */
function FilterBox() {
  const query = usePlace().query.get("q") ?? "";
  const [text, setText] = useState(query);
  const sent = useRef(query);
  useEffect(() => {
    if (query === sent.current) return;
    sent.current = query;
    setText(query);
  }, [query]);
  function change(next: string) {
    setText(next);
    sent.current = next;
    patchQuery({ q: next });
  }
  return (
    <div className="top-filter">
      <IconFilter size={16} aria-hidden />
      <input
        id={FILTER_ID}
        type="search"
        className="input"
        aria-label={t("top.filter")}
        placeholder={t("top.filterPlaceholder")}
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && text) {
            event.stopPropagation();
            change("");
          }
          if (event.key === "Enter" || (event.key === "Escape" && !text) || event.key === "ArrowDown") {
            event.preventDefault();
            document.querySelector<HTMLElement>(".table")?.focus();
          }
        }}
      />
    </div>
  );
}

/** Free space where it is least, and how busy the machine is. */
function Machine() {
  const least = useLive((live) => live.diskSpace.toSorted((a, b) => a.free - b.free)[0]);
  const cpu = useLive((live) => live.cpu);
  const words = least && t("top.freeSpace", { free: bytes(least.free) });
  return (
    <span className="machine quiet small number">
      {least && (
        <Tip text={`${words}\n${least.path}`}>
          <span className="disk-free">
            <span className="disk-words">{words}</span>
            <span className="disk-short" aria-hidden>
              <IconDatabase size={15} />
              {bytes(least.free)}
            </span>
          </span>
        </Tip>
      )}
      {cpu !== null && <Tip text={t("machine.cpuHelp")}><span className="cpu">{t("top.cpu", { percent: Math.round(cpu) })}</span></Tip>}
    </span>
  );
}
