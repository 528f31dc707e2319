/** The program's own log: follows the end unless somebody reads further up, or holds it. */
import { IconFileText } from "@tabler/icons-react";
import { useState } from "react";
import { clock, exactTime } from "../../format/time";
import { t } from "../../i18n";
import { useQuery } from "../../router/router";
import { Button } from "../../ui/Button";
import { SelectField } from "../../ui/Field";
import { Failed } from "../../ui/Loaded";
import { Empty, Skeleton } from "../../ui/Parts";
import { Segments } from "../../ui/Segments";
import { Lines } from "./Lines";
import { LEVELS, lineOf, type Level, type LogRecord } from "./records";
import { Take } from "./Take";
import { useLog, useWanted } from "./useLog";

export function AppLog() {
  const log = useLog();
  const [level, setLevel] = useQuery("level");
  const [source, setSource] = useQuery("source");
  const [text] = useQuery("q");
  const [held, setHeld] = useState<LogRecord[] | null>(null);
  const records = held ?? log.records ?? NONE;
  const least = LEVELS.find((each) => each === level) ?? "info";
  const wanted = useWanted(records, { level: least, source, text });
  const sources = [...new Set(records.map((each) => each.source)), ...(source ? [source] : [])];
  if (!log.records) {
    return <div className="logs-wait">{log.error ? <Failed error={log.error} again={log.again} /> : <Skeleton lines={8} />}</div>;
  }
  return (
    <>
      <div className="logs-bar">
        <Segments
          label={t("logs.level")}
          value={least}
          options={LEVELS.map((each) => [each, t(`logs.${each}`)] as const)}
          onChange={(next: Level) => setLevel(next === "info" ? null : next)}
        />
        <SelectField
          label={t("logs.source")}
          hideLabel
          value={source}
          options={[["", t("logs.allSources")], ...[...new Set(sources)].sort().map((each) => [each, each] as const)]}
          onChange={(next) => setSource(next || null)}
        />
        <span className="quiet small number logs-count">
          {t("logs.shown", { count: wanted.length, all: records.length })}
        </span>
        <Button aria-pressed={held !== null} onClick={() => setHeld(held ? null : log.records)}>
          {t(held ? "logs.resume" : "logs.pause")}
        </Button>
        <Take name="amutorrent" lines={() => wanted.map(lineOf)} />
      </div>
      {wanted.length === 0 ? (
        <Empty icon={<IconFileText size={40} aria-hidden />} title={t(records.length > 0 ? "logs.noneFit" : "logs.none")} />
      ) : (
        <Lines label={t("logs.app")} count={wanted.length} draw={(at) => <Line record={wanted[at]} />} />
      )}
    </>
  );
}

const NONE: LogRecord[] = [];

function Line({ record }: { record: LogRecord | undefined }) {
  if (!record) return null;
  return (
    <div className={`log-line ${record.level}`}>
      <time className="number" title={exactTime(record.ts)}>
        {clock(record.ts)}
      </time>
      <span className="log-level">{t(`logs.one.${record.level}`)}</span>
      <span className="log-source">{record.source}</span>
      <span className="log-message">{record.message}</span>
    </div>
  );
}
