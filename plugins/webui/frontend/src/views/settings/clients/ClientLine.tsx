/** One client: its state as it is now, the switch, Test, Edit, and what is done seldom. */
import { IconDotsVertical } from "@tabler/icons-react";
import { call } from "../../../api/client";
import type { Instance } from "../../../api/types";
import { clock } from "../../../format/time";
import { t } from "../../../i18n";
import { ClientBadge } from "../../../items/Status";
import { healthOf } from "../../../live/health";
import { useLive } from "../../../live/store";
import { Button, IconButton } from "../../../ui/Button";
import { confirm } from "../../../ui/Confirm";
import { Menu, type Entry as MenuEntry } from "../../../ui/Menu";
import { Switch } from "../../../ui/Switch";
import { toastError } from "../../../ui/toasts";
import { useTrial, type Entry, type Known } from "../config";
import { namesBelow } from "../problems";
import { useSaving, type Saving } from "../useSaving";
import { openClient } from "./ClientDialog";
import { Trial } from "./Trial";

interface ClientLineProps {
  known: Known;
  at: number;
}

export function ClientLine({ known, at }: ClientLineProps) {
  const entry = known.config.clients[at] ?? {};
  const id = String(entry["id"]);
  const instance = useLive((live) => live.instances[id]);
  const form = known.defaults.clientTypes.find((each) => each.type === entry["type"]);
  const label = form?.label ?? String(entry["type"]);
  const name = typeof entry["name"] === "string" && entry["name"] ? entry["name"] : label;
  const saving = useSaving();
  const { tried, trying, test } = useTrial();
  const enabled = entry["enabled"] !== false;
  const locked = namesBelow(`clients.${String(at)}`, known.config._meta.locked);
  const put = (clients: Entry[]) => saving.send(known.config._meta.revision, { clients }, nothing, nothing);
  return (
    <li className={enabled ? "card client-line" : "card client-line off"}>
      <ClientBadge id={id} />
      <span className="truncate">
        <strong className="client-name">{name}</strong>{" "}
        <span className="quiet small">{[name === label ? "" : label, placeOf(entry)].filter(Boolean).join(" · ")}</span>
      </span>
      {instance && <State instance={instance} />}
      <div className="client-acts">
        <Button disabled={!form || trying} onClick={() => void test(entry)} aria-label={t("clients.testNamed", { name })}>
          {t(trying ? "clients.testing" : "clients.test")}
        </Button>
        <Button onClick={() => openClient(known, at)} aria-label={t("clients.editNamed", { name })}>
          {t("action.edit")}
        </Button>
        <Menu align="end" entries={() => furtherEntries(known, at, name, instance, saving)}>
          <IconButton label={t("clients.moreNamed", { name })} tip={false}>
            <IconDotsVertical size={18} aria-hidden />
          </IconButton>
        </Menu>
      </div>
      <Switch
        label={<span className="sr-only">{t("clients.enabledNamed", { name })}</span>}
        checked={enabled}
        disabled={saving.busy || locked.has("enabled")}
        onChange={(next) => put(known.config.clients.map((each, number) => (number === at ? { ...each, enabled: next } : each)))}
      />
      {tried && <Trial tried={tried} />}
    </li>
  );
}

const nothing = () => undefined;

/** Where a client is, by the usual names of such fields; its id says it for others. */
function placeOf(entry: Entry): string {
  const { host, port } = entry as { host?: unknown; port?: unknown };
  return typeof host === "string" && host ? `${host}:${String(port)}` : String(entry["id"] ?? "");
}

function State({ instance }: { instance: Instance }) {
  return (
    <span className="second small">
      <span className="status">
        <span className={`dot ${healthOf(instance)}`} />
        {t(`instanceState.${instance.state}`)} {instance.version}
      </span>
      {instance.error && <span className={instance.state === "disabled" ? "quiet" : "wrong"}> {instance.error}</span>}
      {instance.retryAt && (
        <span className="quiet">
          {" "}
          {t("instance.retry")}: {clock(instance.retryAt)}
        </span>
      )}
    </span>
  );
}

function furtherEntries(known: Known, at: number, name: string, instance: Instance | undefined, saving: Saving): MenuEntry[] {
  const { clients, _meta } = known.config;
  const id = String(clients[at]?.["id"]);
  const put = (next: Entry[]) => saving.send(_meta.revision, { clients: next }, nothing, nothing);
  const move = (by: number) => () => {
    const next = [...clients];
    next.splice(at + by, 0, ...next.splice(at, 1));
    put(next);
  };
  const connect = () => {
    call("post", "/api/v1/clients/instances/{instanceId}/connect", { path: { instanceId: id } }).catch(toastError);
  };
  const remove = () =>
    confirm({
      title: t("clients.deleteTitle", { name }),
      children: <p>{t("clients.deleteText")}</p>,
      yes: t("action.delete"),
      onYes: () => put(clients.filter((_, number) => number !== at)),
    });
  return [
    { id: "connect", text: t("clients.connect"), disabled: !instance || instance.connected || instance.state === "disabled", onSelect: connect },
    { id: "up", text: t("clients.up"), disabled: at === 0, onSelect: move(-1) },
    { id: "down", text: t("clients.down"), disabled: at === clients.length - 1, onSelect: move(1) },
    { id: "delete", text: t("action.delete"), danger: true, line: true, onSelect: remove },
  ];
}
