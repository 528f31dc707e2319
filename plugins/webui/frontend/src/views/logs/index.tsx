/** Logs: the program's own, live, and those of the clients that give theirs; one at a time, or all beside each other. */
import { IconColumns2 } from "@tabler/icons-react";
import { t } from "../../i18n";
import { useInstances } from "../../live/hooks";
import { usePreference } from "../../prefs/preferences";
import { useQuery } from "../../router/router";
import { IconButton } from "../../ui/Button";
import { Tabs, type Tab } from "../../ui/Tabs";
import { NOT_DESKTOP, useMedia } from "../../ui/useMedia";
import { AppLog } from "./AppLog";
import { ClientLog } from "./ClientLog";
import "./logs.css";

export default function Logs() {
  const [of, setOf] = useQuery("of", "step");
  const [wanted, setWanted] = usePreference("logsBeside", false);
  const narrow = useMedia(NOT_DESKTOP);
  const others = useInstances().filter(([, each]) => each.capabilities["logs"]);
  const logs: Tab[] = [
    { id: "app", text: "aMuTorrent", draw: () => <AppLog /> },
    ...others.map(([id, { name, type, connected }]) => ({
      id,
      text: name,
      draw: () => <ClientLog key={id} {...{ id, name, type, connected }} />,
    })),
  ];
  const fits = !narrow && others.length > 0;
  const beside = wanted && fits;
  return (
    <div className="logs">
      {fits && (
        <IconButton className="logs-beside" label={t("logs.beside")} aria-pressed={beside} onClick={() => setWanted(!wanted)}>
          <IconColumns2 size={18} aria-hidden />
        </IconButton>
      )}
      {beside ? (
        <Beside logs={logs} />
      ) : (
        <Tabs label={t("nav.logs")} tabs={logs} value={of || "app"} onChange={(id) => setOf(id === "app" ? null : id)} />
      )}
    </div>
  );
}

function Beside({ logs }: { logs: Tab[] }) {
  return (
    <div className="logs-columns">
      {logs.map(({ id, text, draw }) => (
        <section key={id} className="logs-column" aria-label={text}>
          <h2>{text}</h2>
          {draw()}
        </section>
      ))}
    </div>
  );
}
