/** The speed limits of every instance that has them, and the switch for its alternative ones. */
import { useState } from "react";
import { call } from "../api/client";
import { may } from "../api/me";
import type { Instance, SpeedLimits as Limits } from "../api/types";
import { speed } from "../format/units";
import { t } from "../i18n";
import { useInstances } from "../live/hooks";
import { Switch } from "../ui/Switch";
import { toastError } from "../ui/toasts";

const KB = 1024;
const STEPS = [100, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000].map((each) => each * KB);
const OTHER = "other";

/** The instances that have limits. */
export function limitedOf(instances: [string, Instance][]): [string, Instance][] {
  return instances.filter(([, each]) => each.capabilities["speedLimits"] && each.speedLimits);
}

export function mayLimit(): boolean {
  return may("edit_all_downloads");
}

export function setLimits(instanceId: string, body: Partial<Limits>): void {
  call("put", "/api/v1/clients/instances/{instanceId}/speed-limits", { path: { instanceId }, body }).catch(toastError);
}

export function SpeedLimits() {
  const limited = limitedOf(useInstances());
  if (limited.length === 0) return <p className="quiet">{t("limits.unsupported")}</p>;
  const Of = mayLimit() ? LimitsOf : Told;
  return (
    <div className="limits">
      {limited.map(([id, instance]) => (
        <Of key={id} id={id} instance={instance} limits={instance.speedLimits as Limits} />
      ))}
    </div>
  );
}

interface LimitsOfProps {
  id: string;
  instance: Instance;
  limits: Limits;
}

/** What somebody reads who may not change it. */
function Told({ instance, limits }: LimitsOfProps) {
  const words = (value: number) => (value === 0 ? t("limits.none") : speed(value));
  return (
    <>
      <span className="limits-name truncate">{instance.name}</span>
      <span className="number">↓ {words(limits.download)}</span>
      <span className="number">↑ {words(limits.upload)}</span>
      {limits.alternative && <span className="wide small quiet">{t("limits.alternativeOn")}</span>}
    </>
  );
}

function LimitsOf({ id, instance, limits }: LimitsOfProps) {
  const { name } = instance;
  const locked = !instance.connected;
  const set = (body: Partial<Limits>) => setLimits(id, body);
  return (
    <>
      <span className="limits-name truncate">{name}</span>
      <Limit label={t("limits.download", { name })} sign="↓" value={limits.download} disabled={locked} onChange={(download) => set({ download })} />
      <Limit label={t("limits.upload", { name })} sign="↑" value={limits.upload} disabled={locked} onChange={(upload) => set({ upload })} />
      {limits.alternative !== null && limits.alternative !== undefined && (
        <div className="wide">
          <Switch
            label={<span className="small">{`${name}: ${t("limits.alternative")}`}</span>}
            checked={limits.alternative}
            disabled={locked}
            onChange={(alternative) => set({ alternative })}
          />
        </div>
      )}
    </>
  );
}

interface LimitProps {
  label: string;
  sign: string;
  value: number;
  disabled: boolean;
  onChange: (value: number) => void;
}

/** Usual steps; "other" turns into a field of kB/s. */
function Limit({ label, sign, value, disabled, onChange }: LimitProps) {
  const [own, setOwn] = useState<string | null>(null);
  const known = value === 0 || STEPS.includes(value) ? STEPS : [...STEPS, value].sort((a, b) => a - b);
  if (own !== null) {
    const finish = () => {
      const kilobytes = Number(own);
      if (own !== "" && Number.isFinite(kilobytes) && kilobytes >= 0) onChange(Math.round(kilobytes * KB));
      setOwn(null);
    };
    return (
      <input
        className="input"
        type="number"
        min={0}
        aria-label={`${label}, ${t("limits.customValue")}`}
        placeholder={t("limits.customValue")}
        value={own}
        // the choice of "other" asks for this field
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        onChange={(event) => setOwn(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => event.key === "Enter" && finish()}
      />
    );
  }
  return (
    <select
      className="input"
      aria-label={label}
      value={String(value)}
      disabled={disabled}
      onChange={(event) => (event.target.value === OTHER ? setOwn("") : onChange(Number(event.target.value)))}
    >
      <option value="0">{`${sign} ${t("limits.none")}`}</option>
      {known.map((each) => (
        <option key={each} value={String(each)}>{`${sign} ${speed(each)}`}</option>
      ))}
      <option value={OTHER}>{t("limits.custom")}</option>
    </select>
  );
}
