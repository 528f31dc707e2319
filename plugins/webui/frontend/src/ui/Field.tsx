/** Fields with their name above, and what helps or is wrong below. */
import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";

interface About {
  label: string;
  help?: ReactNode;
  /** What is wrong with the value; takes the place of the help. */
  wrong?: ReactNode;
  hideLabel?: boolean;
}

interface FrameProps extends About {
  id: string;
  children: ReactNode;
}

function Frame({ id, label, help, wrong, hideLabel, children }: FrameProps) {
  return (
    <div className="field">
      <label htmlFor={id} className={hideLabel ? "sr-only" : "label"}>
        {label}
      </label>
      {children}
      {(wrong || help) && (
        <span id={`${id}-help`} className={wrong ? "help wrong" : "help"}>
          {wrong || help}
        </span>
      )}
    </div>
  );
}

function described(id: string, about: About) {
  return about.wrong || about.help ? { "aria-describedby": `${id}-help` } : {};
}

export function TextField(props: About & InputHTMLAttributes<HTMLInputElement>) {
  const own = useId();
  const { label, help, wrong, hideLabel, id = own, className = "", ...rest } = props;
  return (
    <Frame {...{ id, label, help, wrong, hideLabel: hideLabel ?? false }}>
      <input id={id} className={`input ${className}`} aria-invalid={!!wrong} {...described(id, props)} {...rest} />
    </Frame>
  );
}

export function TextArea(props: About & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const own = useId();
  const { label, help, wrong, hideLabel, id = own, className = "", ...rest } = props;
  return (
    <Frame {...{ id, label, help, wrong, hideLabel: hideLabel ?? false }}>
      <textarea id={id} className={`input ${className}`} aria-invalid={!!wrong} {...described(id, props)} {...rest} />
    </Frame>
  );
}

interface SelectProps extends About, Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange"> {
  options: readonly (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
}

/** The browser's own list: it is right on phones, with keyboards and with screen readers. */
export function SelectField(props: SelectProps) {
  const own = useId();
  const { label, help, wrong, hideLabel, id = own, options, onChange, className = "", ...rest } = props;
  return (
    <Frame {...{ id, label, help, wrong, hideLabel: hideLabel ?? false }}>
      <select
        id={id}
        className={`input ${className}`}
        onChange={(event) => onChange(event.target.value)}
        {...described(id, props)}
        {...rest}
      >
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Frame>
  );
}

interface CheckProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "onChange"> {
  label: ReactNode;
  ref?: Ref<HTMLInputElement>;
  onChange: (checked: boolean) => void;
}

export function Check({ label, onChange, ...rest }: CheckProps) {
  return (
    <label className="check">
      <input type="checkbox" onChange={(event) => onChange(event.target.checked)} {...rest} />
      <span>{label}</span>
    </label>
  );
}
