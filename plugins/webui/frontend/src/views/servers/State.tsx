/** How an instance is connected to its networks, and the buttons that change it. */
import { IconPlugConnected, IconPlugConnectedX, IconPlus, IconRefresh } from "@tabler/icons-react";
import { call } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import type { Instance, Light } from "../../api/types";
import { t } from "../../i18n";
import { lightsOf } from "../../live/health";
import { Button } from "../../ui/Button";
import { connect, disconnect, kad } from "./act";
import { openAddServer, openBootstrap, openUpdate } from "./dialogs";

interface StateProps {
  id: string;
  instance: Instance;
}

/** The networks as lights: servers and Kad each with what can be done about it. */
export function States({ id, instance }: StateProps) {
  const can = instance.capabilities;
  const lights = new Map(lightsOf(instance));
  const kadLight = lights.get("kad");
  return (
    <div className="network-cards">
      {can["servers"] && <Servers id={id} instance={instance} light={lights.get(instance.networkType ?? "") ?? lights.get("")} />}
      {can["kad"] && <KadCard id={id} light={kadLight} away={!instance.connected} />}
    </div>
  );
}

function LightLine({ title, light }: { title: string; light: Light | undefined }) {
  const server = typeof light?.["serverName"] === "string" ? light["serverName"] : "";
  const words = [light?.text || t("state.unknown"), server].filter(Boolean).join(" · ");
  return (
    <div className="grow network-light">
      <h2>{title}</h2>
      <span className="row small">
        <span className={`dot ${light?.status ?? ""}`} />
        <span className="network-words">{words}</span>
      </span>
    </div>
  );
}

function Servers({ id, instance, light }: StateProps & { light: Light | undefined }) {
  const away = !instance.connected;
  const online = light?.status === "green" || light?.status === "yellow";
  return (
    <section className="card network-card" aria-label={t("nav.servers")}>
      <LightLine title={t("nav.servers")} light={light} />
      <span className="row wrap network-acts">
        {online ? (
          <Button disabled={away} onClick={() => void disconnect(id)}>
            <IconPlugConnectedX size={16} aria-hidden />
            {t("servers.disconnect")}
          </Button>
        ) : (
          <Button disabled={away} onClick={() => void connect(id)}>
            <IconPlugConnected size={16} aria-hidden />
            {t("servers.connectAny")}
          </Button>
        )}
        <Button disabled={away} onClick={() => openAddServer(id)}>
          <IconPlus size={16} aria-hidden />
          {t("servers.addShort")}
        </Button>
        <Button disabled={away} onClick={() => openUpdate(id)}>
          <IconRefresh size={16} aria-hidden />
          {t("servers.updateShort")}
        </Button>
      </span>
    </section>
  );
}

function KadCard({ id, light, away }: { id: string; light: Light | undefined; away: boolean }) {
  const runs = light !== undefined && light.status !== "red";
  return (
    <section className="card network-card" aria-label="Kad">
      <LightLine title="Kad" light={light} />
      <span className="row network-acts">
        <Button disabled={away} onClick={() => void kad({ command: runs ? "stop" : "start", instanceId: id }, t(runs ? "servers.kadStopped" : "servers.kadStarted"))}>
          {t(runs ? "servers.kadStop" : "servers.kadStart")}
        </Button>
        <Button disabled={away} onClick={() => openBootstrap(id)}>
          {t("servers.bootstrapShort")}
        </Button>
      </span>
    </section>
  );
}

const EVERY_MS = 60_000;

/** What the server says to those who come. */
export function Message({ id, instance }: StateProps) {
  const from = lightsOf(instance).map(([, light]) => String(light["serverAddress"] ?? "")).join(" ");
  const { data } = useAsked(
    `info ${id} ${from}`,
    (signal) => call("get", "/api/v1/amule/server-info", { query: { instanceId: id }, signal }),
    EVERY_MS,
  );
  const lines = data?.data.filter((each) => each.trim() !== "") ?? [];
  if (lines.length === 0) return null;
  return (
    <details className="server-message">
      <summary>{t("servers.message")}</summary>
      <p className="mono small">{lines.join("\n")}</p>
    </details>
  );
}
