/** Small parts: empty states, skeletons, facts, progress, a text to copy. */
import { IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { percent } from "../format/units";
import { t } from "../i18n";
import { IconButton } from "./Button";
import { copyText } from "./copy";

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
}

/** Says why there is nothing, and offers what to do about it. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className="empty">
      {icon}
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div className="stack" role="progressbar" aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton" style={{ width: `${String(90 - ((index * 17) % 40))}%` }} />
      ))}
    </div>
  );
}

export type Tone = "blue" | "green" | "amber" | "violet" | "red" | "grey";

interface ProgressProps {
  /** 0 to 100. */
  value: number;
  label: string;
  tone?: Tone;
  text?: string;
}

export function Progress({ value, label, tone = "blue", text = percent(value) }: ProgressProps) {
  return (
    <span className="progress">
      <span
        className={`progress-track fill-${tone}`}
        role="progressbar"
        aria-label={label}
        aria-valuenow={Math.floor(value)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span className="progress-fill" style={{ display: "block", width: `${String(value)}%` }} />
      </span>
      <span className="progress-text number small">{text}</span>
    </span>
  );
}

export type Fact = [name: string, value: ReactNode] | null | false | undefined;

/** A list of names and values; what is empty is left out. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className="facts">
      {facts.map((fact) => {
        if (!fact || fact[1] === null || fact[1] === undefined || fact[1] === "") return null;
        return [<dt key={`${fact[0]} name`}>{fact[0]}</dt>, <dd key={fact[0]}>{fact[1]}</dd>];
      })}
    </dl>
  );
}

/** A value that people take elsewhere. */
export function Copyable({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <span className="row copyable">
      <span className="mono truncate" title={text}>
        {children ?? text}
      </span>
      <IconButton label={`${t("action.copy")}: ${text.slice(0, 40)}`} tip={false} onClick={() => void copyText(text)}>
        <IconCopy size={16} aria-hidden />
      </IconButton>
    </span>
  );
}
