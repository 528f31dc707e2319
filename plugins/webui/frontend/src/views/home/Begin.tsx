/** What to begin with when there is no client yet. */
import { IconEngine, IconPlugConnected, IconRobot } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { call, type Reply } from "../../api/client";
import { may } from "../../api/me";
import { t } from "../../i18n";
import { navigate } from "../../router/router";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Parts";

type Defaults = Reply<"/api/config/defaults", "get">;
type Found = Reply<"/api/config/detect", "post">;

export function Begin() {
  const admin = may("admin");
  const [defaults, setDefaults] = useState<Defaults | null>(null);
  const [found, setFound] = useState<Found["found"]>([]);
  useEffect(() => {
    if (!admin) return;
    call("get", "/api/config/defaults").then(setDefaults, () => undefined);
    call("post", "/api/config/detect").then((each) => setFound(each.found), () => undefined);
  }, [admin]);
  if (!admin) return <Empty icon={<IconPlugConnected size={40} aria-hidden />} title={t("downloads.noClientsTitle")} />;
  const fresh = found.filter((each) => !each.configured);
  // a client that needs no address runs by itself: whatever it is called
  const engine = defaults?.clientTypes.find((type) => !type.fields.some((field) => field.required || field.name === "host"));
  return (
    <div className="page home">
      <h2>{t("home.welcome")}</h2>
      <div className="begin">
        {engine && (
          <Card icon={<IconEngine size={32} aria-hidden />} title={t("home.engineTitle")} text={t("home.engineText")} word={t("home.engineDo")} to={`/settings/clients?new=${engine.type}`} />
        )}
        <Card
          icon={<IconPlugConnected size={32} aria-hidden />}
          title={t("home.connectTitle")}
          text={t("home.connectText")}
          note={fresh.length > 0 ? t("home.connectFound", { names: fresh.map((each) => each.label).join(", ") }) : undefined}
          word={t("home.connectDo")}
          to="/settings/clients"
        />
        <Card icon={<IconRobot size={32} aria-hidden />} title={t("home.arrTitle")} text={t("home.arrText")} word={t("home.arrDo")} to="/arr" />
      </div>
    </div>
  );
}

interface CardProps {
  icon: ReactNode;
  title: string;
  text: string;
  note?: string | undefined;
  word: string;
  to: string;
}

function Card({ icon, title, text, note, word, to }: CardProps) {
  return (
    <section className="card">
      {icon}
      <h3>{title}</h3>
      <p className="quiet">{text}</p>
      {note && <p>{note}</p>}
      <Button onClick={() => navigate(to)}>{word}</Button>
    </section>
  );
}
