/** How the searches are getting on, one line each, with the button that ends it. */
import { IconPlayerStop } from "@tabler/icons-react";
import { call } from "../../api/client";
import { getMe } from "../../api/me";
import { t } from "../../i18n";
import { ClientBadge } from "../../items/Status";
import { useLive } from "../../live/store";
import { Button } from "../../ui/Button";
import { Progress } from "../../ui/Parts";
import { toastError } from "../../ui/toasts";
import type { Run } from "./runs";

interface RunLinesProps {
  runs: Run[];
  /** Ids of searches that this user started. */
  mine: Set<string>;
  /** Show what another one's search on a client finds. */
  onShow: (instanceId: string) => void;
}

export function RunLines({ runs, mine, onShow }: RunLinesProps) {
  const searching = useLive((live) => live.searching);
  const instances = useLive((live) => live.instances);
  const others = searching.filter((id) => !runs.some((run) => run.running && run.instanceId === id));
  return (
    <>
      {runs.filter((run) => run.running || run.error).map((run) => <RunLine key={run.id} run={run} mine={mine.has(run.id)} />)}
      {others.map((id) => (
        <div key={id} className="run-line">
          <ClientBadge id={id} />
          <span className="grow">{t("search.busy", { name: instances[id]?.name ?? id })}</span>
          <Button onClick={() => onShow(id)}>{t("search.showOther")}</Button>
        </div>
      ))}
    </>
  );
}

function RunLine({ run, mine }: { run: Run; mine: boolean }) {
  const me = getMe();
  const stop = () => {
    call("delete", "/api/v1/search", { body: { searchId: run.id } }).catch(toastError);
  };
  const words = run.percent === null ? t("search.running", { query: run.query ?? "" }) : "";
  const name = t("search.running", { query: run.query ?? "" });
  return (
    <div className="run-line">
      <ClientBadge id={run.instanceId} />
      {run.error ? (
        <span className="wrong grow">{run.error}</span>
      ) : (
        <>
          <span className="truncate run-words">{words || name}</span>
          {run.percent === null ? <span className="grow" /> : <Progress value={run.percent} label={name} />}
          <span className="number small quiet run-count">{t("search.found", { count: run.rows.size })}</span>
          {(mine || me.isAdmin === true || !me.authEnabled) && (
            <Button onClick={stop}>
              <IconPlayerStop size={16} aria-hidden />
              {t("action.stop")}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
