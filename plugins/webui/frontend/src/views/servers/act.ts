/** What can be done with servers and with Kad; the daemon's answers in words. */
import { call } from "../../api/client";
import type { Schemas } from "../../api/types";
import { t } from "../../i18n";
import { toast, toastError } from "../../ui/toasts";

export type Server = Schemas["Server"];
export type Kad = Schemas["KadRequest"];

/** Ask for something; `done` is said if the client did it. Gives whether it did. */
async function say(asked: Promise<{ data: boolean }>, done: string): Promise<boolean> {
  try {
    const { data } = await asked;
    if (data) toast(done);
    else toastError(new Error(t("servers.declined")));
    return data;
  } catch (error) {
    toastError(error);
    return false;
  }
}

export function connect(instanceId: string, server?: Server): Promise<boolean> {
  const to = server ? { ip: server.ip, port: server.port } : {};
  const body = { action: "connect" as const, instanceId, ...to };
  const name = server ? server.name || server.address : t("servers.any");
  return say(call("post", "/api/v1/amule/servers/action", { body }), t("servers.connecting", { name }));
}

export function disconnect(instanceId: string): Promise<boolean> {
  const body = { action: "disconnect" as const, instanceId };
  return say(call("post", "/api/v1/amule/servers/action", { body }), t("servers.disconnected"));
}

export function removeServer(instanceId: string, { ip, port }: Server): Promise<unknown> {
  return call("post", "/api/v1/amule/servers/action", { body: { action: "remove", instanceId, ip, port } });
}

export function addServer(instanceId: string, ip: string, port: number, name: string) {
  return call("post", "/api/v1/amule/servers", { body: { instanceId, ip, port, name } });
}

export function updateServers(instanceId: string, url: string) {
  return call("post", "/api/v1/amule/servers/update", { body: { instanceId, url } });
}

export function kad(request: Kad, done: string): Promise<boolean> {
  return say(call("post", "/api/v1/amule/kad", { body: request }), done);
}
