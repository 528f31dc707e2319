/** The program's own log: follows the end unless somebody reads further up, or holds it. */
import { IconFileText } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { clock, exactTime } from "../../format/time";
import { t } from "../../i18n";
import { wordsOf } from "../../items/words";
import { useQuery } from "../../router/router";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Loaded";
import { Empty, Skeleton } from "../../ui/Parts";
import { Segments } from "../../ui/Segments";
import { Lines } from "./Lines";
import { Marked } from "./Marked";
import { LEVELS, lineOf, wantedOf, type Level, type LogRecord } from "./records";
import { Sources } from "./Sources";
import { Take } from "./Take";
import { useLog } from "./useLog";

export function AppLog() {
  const log = useLog();
  const [level, setLevel] = useQuery("level");
  const [source, setSource] = useQuery("source");
  const [text] = useQuery("q");
  const [held, setHeld] = useState<LogRecord[] | null>(null);
  const records = held ?? log.records ?? NONE;
  const least = LEVELS.find((each) => each === level) ?? "info";
  const sources = useMemo(() => source.split(",").filter(Boolean), [source]);
  const { records: wanted, counts } = useMemo(
    () => wantedOf(records, { level: least, sources, text }),
    [records, least, sources, text],
  );
  const words = useMemo(() => wordsOf(text), [text]);
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
        <Sources counts={counts} chosen={sources} onChange={(next) => setSource(next.join(",") || null)} />
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
        <Lines label={t("logs.app")} count={wanted.length} draw={(at) => <Line record={wanted[at]} words={words} />} />
      )}
    </>
  );
}

const NONE: LogRecord[] = [];

function Line({ record, words }: { record: LogRecord | undefined; words: string[] }) {
  if (!record) return null;
  return (
    <div className={`log-line ${record.level}`}>
      <time className="number" title={exactTime(record.ts)}>
        {clock(record.ts)}
      </time>
      <span className="log-level">{t(`logs.one.${record.level}`)}</span>
      <span className="log-source">
        <Marked text={record.source} words={words} />
      </span>
      <span className="log-message">
        <Marked text={record.message} words={words} />
      </span>
    </div>
  );
}
