/** What needs a person: plugins that were put aside, disks that are full, a database that saves nothing. */
import { IconAlertTriangle } from "@tabler/icons-react";
import { askProblems, type Problem } from "../../api/client";
import { may } from "../../api/me";
import { useAsked } from "../../api/useAsked";
import { t, type Key } from "../../i18n";
import { Link } from "../../router/Link";

const EVERY_MS = 30_000;

/** The title of each, and who can do something about it where. What else may be wrong stands elsewhere on Home. */
const KNOWN: Record<string, { title: Key; adminsOnly?: boolean; to?: string }> = {
  storage_unavailable: { title: "home.storageUnavailable" },
  disk_full: { title: "home.diskFull" },
  disk_low: { title: "home.diskLow" },
  plugin_quarantined: { title: "home.quarantined", adminsOnly: true, to: "/plugins" },
};

export function Attention() {
  const { data } = useAsked("problems", askProblems, EVERY_MS);
  const seen = (data ?? []).filter(({ code }) => code in KNOWN && (!KNOWN[code]?.adminsOnly || may("admin")));
  if (seen.length === 0) return null;
  return (
    <section className="card" aria-label={t("home.attention")}>
      <h2>{t("home.attention")}</h2>
      {seen.map((each) => (
        <Line key={`${each.code} ${each.message ?? ""}`} problem={each} />
      ))}
    </section>
  );
}

function Line({ problem: { code, message } }: { problem: Problem }) {
  const known = KNOWN[code];
  if (!known) return null;
  return (
    <div className="home-line">
      <IconAlertTriangle size={18} aria-hidden className={code === "disk_low" ? "tone-amber" : "tone-red"} />
      <span>{t(known.title)}</span>
      {known.to ? <Link to={known.to}>{t("home.look")}</Link> : <span />}
      <span className="second small quiet reason">{message}</span>
    </div>
  );
}
