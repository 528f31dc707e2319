/** A switch per instance, and one per network where there are several: what is shown in lists, charts and totals. */
import { networkName } from "../format/network";
import { t } from "../i18n";
import { healthOf } from "../live/health";
import { Switch } from "../ui/Switch";
import { idsOf, useSwitches, type Group } from "./shown";

export function InstanceSwitches() {
  const { groups, isShown, show } = useSwitches();
  const several = groups.length > 1;
  return (
    <div className="stack instance-switches">
      <h3>{t("instance.which")}</h3>
      {groups.map((group) => (
        <div key={group.network} className="stack" role="group" aria-label={networkName(group.network)}>
          {several && (
            <Switch label={<strong>{t("instance.allOf", { name: networkName(group.network) })}</strong>} checked={idsOf(group).some(isShown)} onChange={(on) => show(idsOf(group), on)} />
          )}
          <Members group={group} indented={several} />
        </div>
      ))}
    </div>
  );
}

function Members({ group, indented }: { group: Group; indented: boolean }) {
  const { isShown, show } = useSwitches();
  return group.members.map(([id, instance]) => (
    <div key={id} className={indented ? "instance-switch indented" : "instance-switch"}>
      <Switch
        label={
          <span className="row">
            <span className={`dot ${healthOf(instance)}`} />
            <span className="truncate">{instance.name}</span>
            <span className="quiet small">{t(`instanceState.${instance.state}`)}</span>
          </span>
        }
        checked={isShown(id)}
        onChange={(on) => show([id], on)}
      />
    </div>
  ));
}
