/** Logs: the program's own, live, and those of the clients that give theirs. */
import { t } from "../../i18n";
import { useLive } from "../../live/store";
import { useQuery } from "../../router/router";
import { Tabs } from "../../ui/Tabs";
import { AppLog } from "./AppLog";
import { ClientLog } from "./ClientLog";
import "./logs.css";

export default function Logs() {
  const [of, setOf] = useQuery("of", "step");
  const instances = useLive((live) => live.instances);
  const others = Object.entries(instances)
    .filter(([, each]) => each.capabilities["logs"])
    .sort(([, a], [, b]) => a.order - b.order);
  const tabs = [
    { id: "app", text: "aMuTorrent", draw: () => <AppLog /> },
    ...others.map(([id, each]) => ({ id, text: each.name, draw: () => <ClientLog key={id} id={id} type={each.type} connected={each.connected} /> })),
  ];
  return (
    <div className="logs">
      <Tabs label={t("nav.logs")} tabs={tabs} value={of || "app"} onChange={(id) => setOf(id === "app" ? null : id)} />
    </div>
  );
}
