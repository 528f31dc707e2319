/** How well an instance is, from what it says of itself. */
import type { Instance, Light } from "../api/types";

export type Health = "green" | "yellow" | "red" | "off";

/** The lights of its network: one without a name, or several by name. */
export function lightsOf(instance: Instance): [name: string, light: Light][] {
  const status = instance.networkStatus as Record<string, unknown> | null;
  if (!status) return [];
  if (isLight(status)) return [["", status]];
  return Object.entries(status).flatMap(([name, light]) => (isLight(light) ? [[name, light] as [string, Light]] : []));
}

function isLight(value: unknown): value is Light {
  return typeof value === "object" && value !== null && typeof (value as Light).status === "string";
}

const BY_STATE: Record<Instance["state"], Health> = {
  online: "green",
  connecting: "yellow",
  degraded: "yellow",
  waiting: "red",
  rejected: "red",
  disabled: "off",
};

/** One colour: of its state, and while that is good, of the best light of its network. */
export function healthOf(instance: Instance): Health {
  const health = BY_STATE[instance.state];
  const lights = lightsOf(instance).map(([, light]) => light.status);
  if (health !== "green" || lights.length === 0 || lights.includes("green")) return health;
  return lights.includes("yellow") ? "yellow" : "red";
}
