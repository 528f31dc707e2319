/** Why is it not imported? For each item a verdict, what to do, and what all three sides know. */
import { IconAlertTriangle, IconCheck, IconClock, IconDownload, IconRefresh, type Icon } from "@tabler/icons-react";
import { useState } from "react";
import { ago, exactTime } from "../../format/time";
import { percent } from "../../format/units";
import { t } from "../../i18n";
import { CategoryMark, ClientBadge } from "../../items/Status";
import { useQuery } from "../../router/router";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Empty, Facts, type Tone } from "../../ui/Parts";
import { Segments } from "../../ui/Segments";
import { isStuck, type ArrCheck, type Checked } from ".";

/** How many are seen at first, and how many more with each step. */
const STEP = 100;

export function Items({ check, again }: { check: ArrCheck; again: () => void }) {
  const [show, setShow] = useQuery("show", "step");
  const [text, setText] = useQuery("name");
  const [most, setMost] = useState(STEP);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const all = show === "all" || (show === "" && !check.data.some(isStuck));
  const found = check.data.filter(
    (each) => (all || isStuck(each)) && words.every((word) => `${each.name} ${each.category}`.toLowerCase().includes(word)),
  );
  return (
    <>
      <div className="row wrap">
        <Segments
          label={t("arr.which")}
          value={all ? "all" : "stuck"}
          options={[
            ["stuck", t("arr.stuck")],
            ["all", t("arr.all")],
          ]}
          onChange={setShow}
        />
        <div className="grow arr-filter">
          <TextField label={t("top.filter")} hideLabel placeholder={t("top.filterPlaceholder")} value={text} onChange={({ target }) => setText(target.value || null)} />
        </div>
        <Button onClick={again}>
          <IconRefresh size={18} aria-hidden />
          {t("action.refresh")}
        </Button>
      </div>
      {found.length === 0 ? (
        <Empty icon={<IconCheck size={40} aria-hidden />} title={t(check.data.length === 0 ? "arr.noItems" : words.length > 0 ? "arr.noneFit" : "arr.noneStuck")}>
          <p>{t(check.data.length === 0 ? "arr.noItemsHelp" : "arr.noneStuckHelp")}</p>
        </Empty>
      ) : (
        <ul className="card">
          {found.slice(0, most).map((each) => (
            <Verdict key={each.hash} item={each} />
          ))}
        </ul>
      )}
      {found.length > most && (
        <p className="row wrap quiet">
          {t("arr.shown", { shown: most, count: found.length })}
          <Button onClick={() => setMost(most + STEP)}>{t("arr.more", { count: Math.min(STEP, found.length - most) })}</Button>
        </p>
      )}
    </>
  );
}

function markOf(item: Checked): [Icon, Tone] {
  if (item.reason === "ok") return [IconCheck, "green"];
  if (item.reason === "incomplete") return [IconDownload, "blue"];
  if (item.reason === "handing_over") return [IconClock, "grey"];
  return [IconAlertTriangle, item.reason === "handover_failed" || item.reason === "no_space" ? "red" : "amber"];
}

function Verdict({ item }: { item: Checked }) {
  const [Mark, tone] = markOf(item);
  const { client, told, path } = item;
  return (
    <li className="arr-item">
      <details>
        <summary>
          <Mark size={18} aria-hidden className={`tone-${tone}`} />
          <span className="arr-name">
            <span className="truncate">{item.name}</span>
            <span className="small">
              <span className={`tone-${tone}`}>{t(`arr.reason.${item.reason}`)}</span>
              <span className="quiet"> {item.message}</span>
            </span>
          </span>
          <span className="row">
            <CategoryMark name={item.category} />
            {item.instanceId && <ClientBadge id={item.instanceId} />}
          </span>
        </summary>
        <div className="arr-detail">
          <p>
            <strong>{t("arr.do")}</strong> {t(`arr.do.${item.reason}`)}
          </p>
          <div className="arr-sides">
            <Side title={t("arr.clientSays")}>
              {client ? (
                <Facts
                  facts={[
                    [t("column.status"), client.status],
                    [t("column.progress"), percent(client.progress)],
                    [t("arr.complete"), t(client.complete ? "clients.yes" : "clients.no")],
                    [t("column.path"), client.path && <span className="mono">{client.path}</span>],
                    client.stale && [t("arr.stale"), t("status.stale")],
                  ]}
                />
              ) : (
                <p className="quiet">{t("arr.clientNothing")}</p>
              )}
            </Side>
            <Side title={t("arr.toldTitle")}>
              {told ? (
                <Facts
                  facts={[
                    [t("column.status"), <span key="state" className="mono">{told.state}</span>],
                    [t("column.progress"), percent(told.progress * 100)],
                    [t("column.path"), <span key="path" className="mono">{told.content_path || told.save_path}</span>],
                    [t("arr.when"), <span key="at" title={exactTime(told.at)}>{ago(told.at)}</span>],
                  ]}
                />
              ) : (
                <p className="quiet">{t("arr.toldNothing")}</p>
              )}
            </Side>
            <Side title={t("arr.here")}>
              {path ? (
                <Facts
                  facts={[
                    [t("column.path"), <span key="path" className="mono">{path.local}</span>],
                    [t("arr.exists"), t(path.exists ? "clients.yes" : "clients.no")],
                    [t("arr.readable"), t(path.readable ? "clients.yes" : "clients.no")],
                  ]}
                />
              ) : (
                <p className="quiet">{t("arr.hereNothing")}</p>
              )}
              <p className="small quiet">{t("arr.askedBy", { names: item.askedBy.join(", ") || t("arr.nobody") })}</p>
            </Side>
          </div>
        </div>
      </details>
    </li>
  );
}

function Side({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="stack">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
