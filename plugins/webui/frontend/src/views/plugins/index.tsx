/** The plugins: what state they are in, what they contribute, and why one is not there. */
import { IconAlertTriangle, IconCheck, IconPlayerPause, IconPuzzle, type Icon } from "@tabler/icons-react";
import { call, type Reply } from "../../api/client";
import { may } from "../../api/me";
import { useAsked } from "../../api/useAsked";
import { getLanguage, t } from "../../i18n";
import { Link } from "../../router/Link";
import { Loaded } from "../../ui/Loaded";
import { Empty, Facts, type Tone } from "../../ui/Parts";
import "./plugins.css";

type Plugin = Reply<"/api/v1/plugins", "get">["data"][number];
type TypeForm = Reply<"/api/config/defaults", "get">["clientTypes"][number];

interface Found {
  plugins: Plugin[];
  /** Known to admins alone. */
  types: TypeForm[];
  withSettings: string[];
}

async function ask(signal: AbortSignal): Promise<Found> {
  const [plugins, defaults] = await Promise.all([
    call("get", "/api/v1/plugins", { signal }),
    may("admin") ? call("get", "/api/config/defaults", { signal }) : null,
  ]);
  const sections = defaults?.plugins.filter((each) => each.fields.length > 0) ?? [];
  return { plugins: plugins.data, types: defaults?.clientTypes ?? [], withSettings: sections.map((each) => each.name) };
}

export default function Plugins() {
  const asked = useAsked("plugins", ask);
  return (
    <div className="page">
      <Loaded asked={asked}>{(found) => <List found={found} />}</Loaded>
    </div>
  );
}

const ORDER: Plugin["state"][] = ["quarantined", "loaded", "off"];

function List({ found }: { found: Found }) {
  if (found.plugins.length === 0) return <Empty icon={<IconPuzzle size={40} aria-hidden />} title={t("plugins.none")} />;
  const sorted = [...found.plugins].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.name.localeCompare(b.name, getLanguage()));
  return (
    <>
      <p className="quiet">{t("plugins.help")}</p>
      <ul className="plugin-list">
        {sorted.map((each) => (
          <PluginCard key={each.name} plugin={each} found={found} />
        ))}
      </ul>
    </>
  );
}

const MARKS: Record<Plugin["state"], { icon: Icon; tone: Tone }> = {
  loaded: { icon: IconCheck, tone: "green" },
  off: { icon: IconPlayerPause, tone: "grey" },
  quarantined: { icon: IconAlertTriangle, tone: "red" },
};

function PluginCard({ plugin, found }: { plugin: Plugin; found: Found }) {
  const { icon: Mark, tone } = MARKS[plugin.state];
  const { clientTypes = [], operations = [], surfaces = [], services = [] } = plugin.provides;
  const types = found.types.filter((each) => clientTypes.includes(each.type));
  return (
    <li className="card stack">
      <div className="row">
        <h2 className="grow truncate">
          {plugin.name} <span className="quiet small number">{plugin.version}</span>
        </h2>
        <span className={`status tone-${tone}`}>
          <Mark size={16} aria-hidden />
          {t(`plugins.${plugin.state}`)}
        </span>
      </div>
      {plugin.reason && <p className={plugin.state === "quarantined" ? "notice bad mono small" : "quiet small"}>{plugin.reason}</p>}
      <Facts
        facts={[
          [t("plugins.from"), t(plugin.bundled ? "plugins.bundled" : "plugins.installed")],
          plugin.apiVersion !== null && [t("plugins.api"), plugin.apiVersion],
          clientTypes.length > 0 && [t("plugins.clientTypes"), types.map((each) => each.label).join(", ") || clientTypes.join(", ")],
          surfaces.length > 0 && [t("plugins.surfaces"), surfaces.join(", ")],
          services.length > 0 && [t("plugins.services"), String(services.length)],
        ]}
      />
      {operations.length > 0 && <Words title={t("plugins.operations")} words={operations} />}
      {types.map((each) => (
        <Words key={each.type} title={t("plugins.can", { name: each.label })} words={abilities(each)} />
      ))}
      {found.withSettings.includes(plugin.name) && (
        <Link className="small" to="/settings/integrations">
          {t("plugins.settings")}
        </Link>
      )}
    </li>
  );
}

function abilities(type: TypeForm): string[] {
  return Object.entries(type.capabilities)
    .filter(([, can]) => can)
    .map(([name]) => name)
    .sort();
}

function Words({ title, words }: { title: string; words: string[] }) {
  return (
    <details>
      <summary className="small quiet">
        {title} ({words.length})
      </summary>
      <p className="plugin-words">
        {words.map((each) => (
          <span key={each} className="badge mono">
            {each}
          </span>
        ))}
      </p>
    </details>
  );
}
