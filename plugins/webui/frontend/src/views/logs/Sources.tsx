/** Which parts of the program are to be heard: any number of them, each with what it has to say. */
import { IconChevronDown } from "@tabler/icons-react";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Field";
import { Popover } from "../../ui/Popover";
import { count as number } from "../../format/units";

interface SourcesProps {
  counts: [source: string, count: number][];
  /** None: all of them. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

export function Sources({ counts, chosen, onChange }: SourcesProps) {
  const [first] = chosen;
  const title = t("logs.source");
  const words = first === undefined ? t("logs.allSources") : chosen.length === 1 ? first : `${title} (${String(chosen.length)})`;
  return (
    <Popover
      label={title}
      align="start"
      trigger={
        <Button className={chosen.length > 0 ? "log-chip on" : "log-chip"} aria-label={`${title}: ${words}`}>
          {words}
          <IconChevronDown size={16} aria-hidden />
        </Button>
      }
    >
      <fieldset className="log-sources">
        <legend className="sr-only">{title}</legend>
        {counts.map(([source, count]) => (
          <Check
            key={source}
            label={
              <>
                {source} <span className="quiet small number">{number(count)}</span>
              </>
            }
            checked={chosen.includes(source)}
            onChange={(on) => onChange(on ? [...chosen, source] : chosen.filter((each) => each !== source))}
          />
        ))}
      </fieldset>
      <Button disabled={chosen.length === 0} onClick={() => onChange([])}>
        {t("logs.allSources")}
      </Button>
    </Popover>
  );
}
