/** The boxes that add a server, update the list from an address, and bootstrap Kad. */
import { useState, type ReactNode } from "react";
import { ApiError } from "../../api/error";
import { t } from "../../i18n";
import { usePreference } from "../../prefs/preferences";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { showDialog } from "../../ui/dialogs";
import { TextField } from "../../ui/Field";
import { Segments } from "../../ui/Segments";
import { toast, toastError } from "../../ui/toasts";
import { addServer, kad, updateServers } from "./act";

interface AskProps {
  title: string;
  yes: string;
  ready: boolean;
  /** Something was entered. */
  dirty: boolean;
  /** Throws what is refused. */
  send: () => Promise<void>;
  onClose: () => void;
  /** The fields, with the words that were said of one. */
  children: (wrong: (field: string) => string | undefined) => ReactNode;
}

function Ask({ title, yes, ready, dirty, send, onClose, children }: AskProps) {
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);
  async function go() {
    if (!ready || sending) return;
    setSending(true);
    try {
      await send();
      onClose();
    } catch (error) {
      setSending(false);
      if (error instanceof ApiError && error.details["field"]) setRefused(error);
      else toastError(error);
    }
  }
  const foot = (
    <>
      <Button onClick={onClose}>{t("action.cancel")}</Button>
      <Button look="primary" type="submit" disabled={!ready || sending}>
        {yes}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} foot={foot} onSubmit={() => void go()} dirty={dirty}>
      {children((field) => (refused?.details["field"] === field ? refused.message : undefined))}
    </Dialog>
  );
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
const isUrl = (text: string) => /^https?:\/\/\S+$/i.test(text.trim());

interface DialogProps {
  instanceId: string;
  onClose: () => void;
}

export function openAddServer(instanceId: string): void {
  showDialog((close) => <AddServer instanceId={instanceId} onClose={close} />);
}

function AddServer({ instanceId, onClose }: DialogProps) {
  const [address, setAddress] = useState("");
  const [port, setPort] = useState("");
  const [name, setName] = useState("");
  /** Address and port come together when they are pasted. */
  function take(text: string) {
    const pair = /^\s*(?:ed2k:\/\/\|server\|)?([\w.-]+)[:|](\d{1,5})(?:\|\/?)?\s*$/i.exec(text);
    if (!pair) return setAddress(text);
    setAddress(pair[1] ?? "");
    setPort(pair[2] ?? "");
  }
  async function send() {
    const { data } = await addServer(instanceId, address.trim(), Number(port), name.trim());
    if (data) toast(t("servers.added", { name: name.trim() || address.trim() }));
    else toastError(new Error(t("servers.declined")));
  }
  return (
    <Ask title={t("servers.add")} yes={t("action.add")} ready={address.trim() !== "" && isPort(port)} dirty={`${address}${port}${name}`.trim() !== ""} send={send} onClose={onClose}>
      {(wrong) => (
        <>
          <TextField label={t("servers.host")} help={t("servers.hostHelp")} wrong={wrong("ip")} value={address} autoComplete="off" spellCheck={false} onChange={(event) => take(event.target.value)} />
          <TextField
            label={t("instance.port")}
            inputMode="numeric"
            value={port}
            wrong={port && !isPort(port) ? t("servers.portWrong") : wrong("port")}
            onChange={(event) => setPort(event.target.value.trim())}
          />
          <TextField label={t("servers.nameOptional")} value={name} wrong={wrong("name")} onChange={(event) => setName(event.target.value)} />
        </>
      )}
    </Ask>
  );
}

/** The address that was taken last: it is filled in the next time. */
const LIST_ADDRESS = "serverListAddress";

export function openUpdate(instanceId: string): void {
  showDialog((close) => <UpdateList instanceId={instanceId} onClose={close} />);
}

function UpdateList({ instanceId, onClose }: DialogProps) {
  const [before, remember] = usePreference(LIST_ADDRESS, "");
  const [url, setUrl] = useState(before);
  async function send() {
    const { data } = await updateServers(instanceId, url.trim());
    if (!data) return toastError(new Error(t("servers.declined")));
    remember(url.trim());
    toast(t("servers.updating"));
  }
  return (
    <Ask title={t("servers.update")} yes={t("servers.updateDo")} ready={isUrl(url)} dirty={url.trim() !== before} send={send} onClose={onClose}>
      {(wrong) => (
        <TextField
          label={t("servers.url")}
          help={t("servers.urlHelp")}
          type="url"
          placeholder="https://…/server.met"
          value={url}
          wrong={url && !isUrl(url) ? t("servers.urlWrong") : wrong("url")}
          onChange={(event) => setUrl(event.target.value)}
        />
      )}
    </Ask>
  );
}

export function openBootstrap(instanceId: string): void {
  showDialog((close) => <Bootstrap instanceId={instanceId} onClose={close} />);
}

function Bootstrap({ instanceId, onClose }: DialogProps) {
  const [from, setFrom] = useState<"url" | "node">("url");
  const [url, setUrl] = useState("");
  const [ip, setIp] = useState("");
  const [port, setPort] = useState("");
  async function send() {
    const what = from === "url" ? { url: url.trim() } : { ip: ip.trim(), port: Number(port) };
    await kad({ command: "bootstrap", instanceId, ...what }, t("servers.bootstrapping"));
  }
  const ready = from === "url" ? isUrl(url) : ip.trim() !== "" && isPort(port);
  return (
    <Ask title={t("servers.bootstrap")} yes={t("servers.bootstrapDo")} ready={ready} dirty={`${url}${ip}${port}`.trim() !== ""} send={send} onClose={onClose}>
      {(wrong) => (
        <>
          <Segments
            label={t("servers.bootstrapFrom")}
            value={from}
            options={[
              ["url", t("servers.fromUrl")],
              ["node", t("servers.fromNode")],
            ]}
            onChange={setFrom}
          />
          {from === "url" ? (
            <TextField
              label={t("servers.nodesUrl")}
              type="url"
              placeholder="https://…/nodes.dat"
              value={url}
              wrong={url && !isUrl(url) ? t("servers.urlWrong") : wrong("url")}
              onChange={(event) => setUrl(event.target.value)}
            />
          ) : (
            <>
              <TextField label={t("servers.nodeIp")} value={ip} wrong={wrong("ip")} autoComplete="off" onChange={(event) => setIp(event.target.value)} />
              <TextField
                label={t("instance.port")}
                inputMode="numeric"
                value={port}
                wrong={port && !isPort(port) ? t("servers.portWrong") : wrong("port")}
                onChange={(event) => setPort(event.target.value.trim())}
              />
            </>
          )}
        </>
      )}
    </Ask>
  );
}
