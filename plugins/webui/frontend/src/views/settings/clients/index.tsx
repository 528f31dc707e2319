/** The download clients: what state they are in, and everything that can be done to an entry. */
import { IconPlugConnected, IconPlus, IconRadar2 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { call, type Reply } from "../../../api/client";
import { t } from "../../../i18n";
import { patchQuery, useQuery } from "../../../router/router";
import { Button } from "../../../ui/Button";
import { Empty } from "../../../ui/Parts";
import { toastError } from "../../../ui/toasts";
import type { Entry, Known } from "../config";
import { useKnown } from "../known";
import { AllTested, TestAll, useAllTested } from "./AllTested";
import { openClient, openNew } from "./ClientDialog";
import { ClientLine } from "./ClientLine";
import { Found } from "./Found";

export type FoundClient = Reply<"/api/config/detect", "post">["found"][number];

export default function Clients() {
  const known = useKnown();
  const { clients } = known.config;
  const { found, looking, look } = useDetection(clients.length === 0);
  const { tests, testing, run } = useAllTested(clients, (entry) => nameOf(known, entry));
  useAskedType(known);
  return (
    <>
      <div className="settings-head">
        <h2>{t("settings.clients")}</h2>
        {clients.length > 1 && <TestAll testing={testing} onRun={() => void run()} />}
        <Button onClick={look} disabled={looking}>
          <IconRadar2 size={18} aria-hidden />
          {t(looking ? "clients.detecting" : "clients.detect")}
        </Button>
        <Button look="primary" onClick={() => openNew(known)}>
          <IconPlus size={18} aria-hidden />
          {t("clients.add")}
        </Button>
      </div>
      {tests && <AllTested tests={tests} />}
      {found && <Found found={found} onAdd={(each) => openClient(known, null, entryOf(each))} />}
      {clients.length === 0 ? (
        <Empty icon={<IconPlugConnected size={40} aria-hidden />} title={t("clients.none")}>
          <p>{t("clients.noneHelp")}</p>
        </Empty>
      ) : (
        <ul className="client-list">
          {clients.map((entry, at) => (
            <ClientLine key={String(entry["id"] ?? at)} known={known} at={at} />
          ))}
        </ul>
      )}
      <p className="quiet small">{t("clients.pathsHelp")}</p>
    </>
  );
}

/** The name of a client, else that of its type. */
export function nameOf(known: Known, entry: Entry): string {
  const form = known.defaults.clientTypes.find((each) => each.type === entry["type"]);
  return typeof entry["name"] === "string" && entry["name"] ? entry["name"] : (form?.label ?? String(entry["type"]));
}

function entryOf(found: FoundClient) {
  return { type: found.type, host: found.host, port: found.port, ...found.settings };
}

/** Look for clients on this machine; at once where there is none yet. */
function useDetection(atOnce: boolean) {
  const [found, setFound] = useState<FoundClient[] | null>(null);
  const [looking, setLooking] = useState(atOnce);
  const look = () => {
    setLooking(true);
    call("post", "/api/config/detect")
      .then((answer) => setFound(answer.found), toastError)
      .finally(() => setLooking(false));
  };
  useEffect(() => {
    if (!atOnce) return;
    call("post", "/api/config/detect")
      .then((answer) => setFound(answer.found), () => undefined)
      .finally(() => setLooking(false));
  }, [atOnce]);
  return { found, looking, look };
}

/** `?new=TYPE` opens the form of that type, `?edit=ID` the one of that client. */
function useAskedType(known: Known): void {
  const [type] = useQuery("new");
  const [id] = useQuery("edit");
  useEffect(() => {
    if (!type && !id) return;
    patchQuery({ new: null, edit: null });
    const at = known.config.clients.findIndex((each) => each["id"] === id);
    if (id && at >= 0) openClient(known, at);
    if (known.defaults.clientTypes.some((each) => each.type === type)) openClient(known, null, { type });
  }, [type, id, known]);
}
