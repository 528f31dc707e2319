/** One chip per instance: its health, and whether its things are shown. What finds no room is behind the last one. */
import { useRef, type CSSProperties, type ReactElement } from "react";
import type { Instance } from "../api/types";
import { networkName, shortNetworkName } from "../format/network";
import { clock } from "../format/time";
import { t, type Key } from "../i18n";
import { colorOf, initials } from "../items/colors";
import { healthOf, lightsOf } from "../live/health";
import { Popover } from "../ui/Popover";
import { Tip } from "../ui/Tip";
import { InstanceSwitches } from "./InstanceSwitches";
import { idsOf, useSwitches, type Group, type Switches } from "./shown";
import { useFirstLine } from "./useFirstLine";

interface Part {
  id: string;
  instance?: Instance;
  draw: (folded: boolean) => ReactElement;
}

export function InstanceChips() {
  const line = useRef<HTMLDivElement>(null);
  const { groups, isShown, show } = useSwitches();
  const parts = groups.flatMap((group): Part[] => [
    ...(groups.length > 1 ? [networkPart(group, isShown, show)] : []),
    ...group.members.map(([id, instance]) => ({
      id,
      instance,
      draw: (folded: boolean) => <Chip id={id} instance={instance} shown={isShown(id)} folded={folded} onToggle={() => show([id], !isShown(id))} />,
    })),
  ]);
  const fit = useFirstLine(line, parts.map((each) => `${each.id} ${each.instance?.name ?? ""}`).join());
  const folded = parts.slice(fit).flatMap((each) => each.instance ?? []);
  return (
    <div className="chips">
      <div ref={line} className="chips-line">
        {parts.map((each, index) => (
          <span key={each.id} className="chip-place" inert={index >= fit}>
            {each.draw(index >= fit)}
          </span>
        ))}
      </div>
      {folded.length > 0 && <Folded instances={folded} />}
    </div>
  );
}

function networkPart(group: Group, isShown: Switches["isShown"], show: Switches["show"]): Part {
  const ids = idsOf(group);
  const on = ids.filter(isShown).length;
  return {
    id: `network ${group.network}`,
    draw: () => (
      <Tip text={t("instance.toggleNetwork", { name: networkName(group.network) })}>
        <button
          type="button"
          className="chip-network"
          aria-pressed={on === 0 ? false : on === ids.length ? true : "mixed"}
          onClick={() => show(ids, on < ids.length)}
        >
          <span aria-hidden>{shortNetworkName(group.network)}</span>
          <span className="sr-only">{networkName(group.network)}</span>
        </button>
      </Tip>
    ),
  };
}

const WORST = ["red", "yellow", "green", "off"] as const;

/** Those for which there is no room: how many, and how the worst of them is; all switches behind it. */
function Folded({ instances }: { instances: Instance[] }) {
  const health = WORST.find((each) => instances.some((one) => healthOf(one) === each)) ?? "off";
  const trigger = (
    <button type="button" className="chip chip-more number" aria-label={t("instance.more", { count: instances.length })}>
      <span className={`dot ${health}`} />
      {`+${String(instances.length)}`}
    </button>
  );
  return (
    <Popover trigger={trigger} label={t("instance.which")}>
      <InstanceSwitches />
    </Popover>
  );
}

interface ChipProps {
  id: string;
  instance: Instance;
  shown: boolean;
  folded: boolean;
  onToggle: () => void;
}

function Chip({ id, instance, shown, folded, onToggle }: ChipProps) {
  const style = { "--of": colorOf(id, instance.color) } as CSSProperties;
  return (
    <Tip text={folded ? "" : aboutInstance(instance).concat(t("instance.toggleHelp")).join("\n")}>
      <button type="button" className="chip" style={style} aria-pressed={shown} onClick={onToggle}>
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
