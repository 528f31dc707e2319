/** One chip per instance: its health, and whether its things are shown. */
import type { CSSProperties } from "react";
import type { Instance } from "../api/types";
import { clock } from "../format/time";
import { t, type Key } from "../i18n";
import { colorOf, initials } from "../items/colors";
import { useHiddenInstances, useInstances } from "../live/hooks";
import { healthOf, lightsOf } from "../live/health";
import { Tip } from "../ui/Tip";
import { toast } from "../ui/toasts";

export function InstanceChips() {
  const instances = useInstances();
  const [hidden, setHidden] = useHiddenInstances();
  function hide(id: string, name: string) {
    setHidden([...hidden, id]);
    toast(t("instance.hidden", { name }), () => setHidden(hidden));
  }
  return (
    <div className="chips">
      {instances.map(([id, instance]) => (
        <Chip
          key={id}
          id={id}
          instance={instance}
          shown={!hidden.includes(id)}
          onToggle={() => (hidden.includes(id) ? setHidden(hidden.filter((each) => each !== id)) : hide(id, instance.name))}
        />
      ))}
    </div>
  );
}

interface ChipProps {
  id: string;
  instance: Instance;
  shown: boolean;
  onToggle: () => void;
}

function Chip({ id, instance, shown, onToggle }: ChipProps) {
  const style = { "--of": colorOf(id, instance.color) } as CSSProperties;
  return (
    <Tip text={aboutInstance(instance).concat(t("instance.toggleHelp")).join("\n")}>
      <button
        type="button"
        className="chip"
        style={style}
        aria-pressed={shown}
        onClick={onToggle}
      >
        <span className={`dot ${healthOf(instance)}`} />
        <span className="chip-name truncate" aria-hidden>
          {instance.name}
        </span>
        <span className="chip-short" aria-hidden>
          {initials(instance.name)}
        </span>
        <span className="sr-only">{`${instance.name}: ${t(`instanceState.${instance.state}`)}`}</span>
      </button>
    </Tip>
  );
}

/** What there is to know of an instance, a line each. */
export function aboutInstance(instance: Instance): string[] {
  const lines = [
    [instance.name, instance.version].filter(Boolean).join(" "),
    `${t("instance.state")}: ${t(`instanceState.${instance.state}` as Key)}`,
  ];
  for (const [name, light] of lightsOf(instance)) {
    const port = typeof light["listenPort"] === "number" ? `, ${t("instance.port")} ${String(light["listenPort"])}` : "";
    lines.push(`${name || t("instance.network")}: ${light.text}${port}`);
  }
  if (instance.error) lines.push(`${t("instance.lastError")}: ${instance.error}`);
  if (instance.retryAt) lines.push(`${t("instance.retry")}: ${clock(instance.retryAt)}`);
  return lines;
}
