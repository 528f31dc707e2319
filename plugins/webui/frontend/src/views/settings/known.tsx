/** The configuration for all sections that admins see: read once. */
import { createContext, useContext, type ReactNode } from "react";
import { IconAlertTriangle } from "@tabler/icons-react";
import { t } from "../../i18n";
import { Loaded } from "../../ui/Loaded";
import { useConfig, type Known } from "./config";

const KnownContext = createContext<Known | null>(null);

export function WithConfig({ children }: { children: ReactNode }) {
  const asked = useConfig();
  return (
    <Loaded asked={asked}>
      {(known) => (
        <KnownContext value={known}>
          <Waiting keys={known.config._meta.restartNeeded} />
          {children}
        </KnownContext>
      )}
    </Loaded>
  );
}

export function useKnown(): Known {
  const known = useContext(KnownContext);
  if (!known) throw new Error("the configuration is not there");
  return known;
}

/** What is saved and does not count yet. */
function Waiting({ keys }: { keys: string[] }) {
  if (keys.length === 0) return null;
  return (
    <p className="notice">
      <IconAlertTriangle size={18} aria-hidden />
      <span>
        {t("settings.restart")} <span className="mono">{keys.join(", ")}</span>
      </span>
    </p>
  );
}
