/** What Detect has found on this machine. */
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import type { FoundClient } from ".";

interface FoundProps {
  found: FoundClient[];
  onAdd: (found: FoundClient) => void;
}

export function Found({ found, onAdd }: FoundProps) {
  return (
    <section className="card" aria-label={t("clients.found")}>
      <h3>{t(found.length > 0 ? "clients.found" : "clients.foundNone")}</h3>
      {found.length === 0 && <p className="quiet">{t("clients.foundNoneHelp")}</p>}
      <ul>
        {found.map((each) => (
          <li key={`${each.type} ${each.host}:${String(each.port)}`} className="user-line">
            <span>
              <strong>{each.label}</strong> {each.version}{" "}
              <span className="quiet mono">
                {each.host}:{each.port}
              </span>
            </span>
            {each.configured ? (
              <span className="quiet">{t("clients.foundThere")}</span>
            ) : (
              <Button onClick={() => onAdd(each)} aria-label={t("clients.addNamed", { name: each.label })}>
                {t("action.add")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
