/** The health of every instance; one that was refused can be tried again from here. */
import { call } from "../../api/client";
import { may } from "../../api/me";
import type { Instance } from "../../api/types";
import { clock } from "../../format/time";
import { speed } from "../../format/units";
import { t } from "../../i18n";
import { ClientBadge } from "../../items/Status";
import { healthOf, lightsOf } from "../../live/health";
import { useInstances } from "../../live/hooks";
import { useLive } from "../../live/store";
import { navigate } from "../../router/router";
import { Button } from "../../ui/Button";
import { toastError } from "../../ui/toasts";

export function Clients() {
  const instances = useInstances();
  return (
    <section className="card">
      <h2>{t("home.clients")}</h2>
      {instances.map(([id, instance]) => (
        <Client key={id} id={id} instance={instance} />
      ))}
    </section>
  );
}

const TROUBLE = new Set<Instance["state"]>(["rejected", "waiting", "degraded", "disabled"]);

function Client({ id, instance }: { id: string; instance: Instance }) {
  const speeds = useLive((live) => live.speeds[id]);
  const trouble = TROUBLE.has(instance.state);
  const retry = () => {
    call("post", "/api/v1/clients/instances/{instanceId}/connect", { path: { instanceId: id } }).catch(toastError);
  };
  return (
    <div className="home-line">
      <ClientBadge id={id} />
      <span className="row">
        <span className={`dot ${healthOf(instance)}`} />
        <span className="truncate">
          {instance.name} <span className="quiet small">{instance.version}</span>
        </span>
      </span>
      <span className="number small">
        {instance.connected && speeds ? `↓ ${speed(speeds.downloadSpeed)}  ↑ ${speed(speeds.uploadSpeed)}` : ""}
      </span>
      <span className="second small quiet reason number">
        {[t(`instanceState.${instance.state}`), ...lightsOf(instance).map(([name, each]) => [name, each.text].filter(Boolean).join(": "))].join(" · ")}
        {trouble && instance.error && <span className="wrong"> · {instance.error}</span>}
        {instance.retryAt && ` · ${t("instance.retry")}: ${clock(instance.retryAt)}`}
      </span>
      {trouble && may("admin") && (
        <span className="second row">
          {instance.state !== "disabled" && <Button onClick={retry}>{t("home.retry")}</Button>}
          <Button onClick={() => navigate("/settings/clients")}>{t("home.settings")}</Button>
        </span>
      )}
    </div>
  );
}
