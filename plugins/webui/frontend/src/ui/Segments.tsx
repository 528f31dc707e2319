/** A choice of a few, all of them seen. */
import { RadioGroup } from "radix-ui";

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [value: T, text: string])[];
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <RadioGroup.Root
      className="segments"
      aria-label={label}
      value={value}
      orientation="horizontal"
      onValueChange={(next) => onChange(next as T)}
    >
      {options.map(([each, text]) => (
        <RadioGroup.Item key={each} value={each}>
          {text}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
