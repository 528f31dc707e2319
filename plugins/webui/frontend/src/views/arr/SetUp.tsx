/** The values to enter in each app, to copy. */
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { call } from "../../api/client";
import { getMe } from "../../api/me";
import { useAsked } from "../../api/useAsked";
import { t } from "../../i18n";
import { useInstances } from "../../live/hooks";
import { useLive } from "../../live/store";
import { inBase } from "../../router/base";
import { Link } from "../../router/Link";
import { Copyable, Facts } from "../../ui/Parts";
import { KeyBox } from "../settings/keys";
import type { ArrCheck } from ".";

const APPS = [
  { name: "Sonarr", category: "tv-sonarr" },
  { name: "Radarr", category: "radarr" },
  { name: "Lidarr", category: "lidarr" },
  { name: "Prowlarr", category: "prowlarr" },
];

const ask = (signal: AbortSignal) => call("get", "/api/auth/profile", { signal });

export function SetUp({ check }: { check: ArrCheck }) {
  const { data } = useAsked("profile", ask);
  const key = data?.user.apiKey ?? null;
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
  return (
    <>
      <p className="quiet arr-text">{t("arr.setupHelp")}</p>
      {local && <p className="notice">{t(check.isDocker ? "arr.localContainer" : "arr.local")}</p>}
      <div className="arr-cards">
        <DownloadClient secret={key} />
        <Indexer secret={key} />
      </div>
      <section className="card stack">
        <h2>{t("arr.paths")}</h2>
        <p className="quiet arr-text">{t("arr.pathsHelp")}</p>
      </section>
    </>
  );
}

function DownloadClient({ secret }: { secret: string | null }) {
  const secure = location.protocol === "https:";
  const port = location.port || (secure ? "443" : "80");
  const base = inBase("");
  return (
    <section className="card stack">
      <h2>{t("arr.client")}</h2>
      <p className="quiet small">{t("arr.clientWhere")}</p>
      <Facts
        facts={[
          [t("arr.host"), <Copyable key="host" text={location.hostname} />],
          [t("arr.port"), <Copyable key="port" text={port} />],
          [t("arr.ssl"), t(secure ? "clients.yes" : "clients.no")],
          [t("arr.base"), base ? <Copyable key="base" text={base} /> : <Nothing key="base" />],
          ...credentials(secret),
          [t("arr.remove"), t("clients.yes")],
        ]}
      />
      <h3>{t("column.category")}</h3>
      <Categories />
    </section>
  );
}

/** The API key does as a password, with any name: no other password has to be told. */
function credentials(secret: string | null): [string, ReactNode][] {
  const { authEnabled, username } = getMe();
  if (!authEnabled) return [[t("arr.user"), t("arr.any")]];
  return [
    [t("arr.user"), <Copyable key="user" text={username ?? "amutorrent"} />],
    [t("arr.password"), secret ? <KeyBox key="password" secret={secret} /> : t("state.loading")],
  ];
}

function Categories() {
  const known = useLive((live) => live.categories);
  return (
    <>
      <ul className="arr-categories">
        {APPS.map(({ name, category }) => (
          <li key={name}>
            <span>{name}</span>
            <Copyable text={category} />
            <span className="quiet small">{t(known.some((each) => each.name === category) ? "arr.categoryThere" : "arr.categoryNew")}</span>
          </li>
        ))}
      </ul>
      <Link className="small" to="/categories">
        {t("arr.categories")}
      </Link>
    </>
  );
}

function Indexer({ secret }: { secret: string | null }) {
  const searching = useInstances().filter(([, each]) => each.capabilities["search"]);
  const address = `${location.origin}${inBase("/indexer")}`;
  const addresses = searching.length > 1 ? searching.map(([id, each]) => [each.name, `${address}/${id}`] as const) : [];
  return (
    <section className="card stack">
      <h2>{t("arr.indexer")}</h2>
      <p className="quiet small">{t("arr.indexerWhere")}</p>
      {searching.length === 0 && <p className="notice">{t("arr.noSearch")}</p>}
      <Facts
        facts={[
          [t("arr.url"), <Copyable key="url" text={`${address}/amule`} />],
          ...addresses.map(([name, each]) => [name, <Copyable key={name} text={each} />] as [string, ReactNode]),
          [t("arr.apiPath"), <Copyable key="path" text="/api" />],
          [t("arr.key"), !getMe().authEnabled ? t("arr.any") : secret ? <KeyBox key="key" secret={secret} /> : t("state.loading")],
        ]}
      />
      <p className="quiet small">{t("arr.indexerHelp")}</p>
      <a className="small" href={inBase("/api/docs")}>
        {t("user.apiGuide")} <IconExternalLink size={14} aria-hidden />
      </a>
    </section>
  );
}

function Nothing() {
  return <span className="quiet">{t("arr.empty")}</span>;
}
