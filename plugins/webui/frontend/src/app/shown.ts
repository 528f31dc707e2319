/** Which instances are shown, one by one and by network. */
import type { Instance } from "../api/types";
import { t } from "../i18n";
import { useHiddenInstances, useInstances } from "../live/hooks";
import { toast } from "../ui/toasts";

type Known = [id: string, instance: Instance];

export interface Group {
  network: string;
  members: Known[];
}

/** The instances by network, each in its place. */
export function groupsOf(instances: Known[]): Group[] {
  const groups = new Map<string, Known[]>();
  for (const each of instances) {
    const network = each[1].networkType ?? "other";
    groups.set(network, [...(groups.get(network) ?? []), each]);
  }
  return [...groups].map(([network, members]) => ({ network, members }));
}

/** What is hidden after some instances were shown or hidden. */
export function hiddenAfter(hidden: readonly string[], ids: string[], shown: boolean): string[] {
  const others = hidden.filter((each) => !ids.includes(each));
  return shown ? others : [...others, ...ids];
}

export interface Switches {
  groups: Group[];
  isShown: (id: string) => boolean;
  show: (ids: string[], shown: boolean) => void;
}

/** Whether each is shown; who hides some can take it back. */
export function useSwitches(): Switches {
  const [hidden, setHidden] = useHiddenInstances();
  const known = useInstances();
  return {
    groups: groupsOf(known),
    isShown: (id) => !hidden.includes(id),
    show: (ids, shown) => {
      setHidden(hiddenAfter(hidden, ids, shown));
      const names = known.filter(([id]) => ids.includes(id)).map(([, { name }]) => name);
      if (!shown) toast(t("instance.hidden", { name: names.join(", ") }), () => setHidden(hidden));
    },
  };
}

export function idsOf({ members }: Group): string[] {
  return members.map(([id]) => id);
}
