/** The log that a client keeps itself: asked for now and then, since clients do not push it. */
import { IconFileText, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { call } from "../../api/client";
import { useAsked } from "../../api/useAsked";
import { t } from "../../i18n";
import { matches, wordsOf } from "../../items/words";
import { useQuery } from "../../router/router";
import { Button } from "../../ui/Button";
import { Failed } from "../../ui/Loaded";
import { Empty, Skeleton } from "../../ui/Parts";
import { Lines } from "./Lines";
import { Marked } from "./Marked";
import { Take } from "./Take";

const EVERY_MS = 5000;

interface ClientLogProps {
  id: string;
  name: string;
  type: string;
  connected: boolean;
}

export function ClientLog({ id, name, type, connected }: ClientLogProps) {
  const { data, error, again } = useAsked(
    `log ${type} ${id}`,
    (signal) => call("get", "/api/v1/logs/{type}", { path: { type }, query: { instanceId: id }, signal }),
    connected ? EVERY_MS : 0,
  );
  const [held, setHeld] = useState<string[] | null>(null);
  const [text] = useQuery("q");
  if (!data) return <div className="logs-wait">{error ? <Failed error={error} again={again} /> : <Skeleton lines={8} />}</div>;
  const words = wordsOf(text);
  const all = held ?? data.data;
  const lines = all.filter((each) => matches(each.toLowerCase(), words));
  return (
    <>
      <div className="logs-bar">
        <span className="quiet small number logs-count">
          {t("logs.shown", { count: lines.length, all: all.length })}
        </span>
        {error && <span className="wrong small">{error.message}</span>}
        <Button onClick={again}>
          <IconRefresh size={18} aria-hidden />
          {t("action.refresh")}
        </Button>
        <Button aria-pressed={held !== null} onClick={() => setHeld(held ? null : data.data)}>
          {t(held ? "logs.resume" : "logs.pause")}
        </Button>
        <Take name={id} lines={() => lines} />
      </div>
      {lines.length === 0 ? (
        <Empty icon={<IconFileText size={40} aria-hidden />} title={t(all.length > 0 ? "logs.noneFit" : "logs.none")} />
      ) : (
        <Lines
          label={t("logs.of", { name })}
          count={lines.length}
          draw={(at) => (
            <div className="log-line plain">
              <Marked text={lines[at] ?? ""} words={words} />
            </div>
          )}
        />
      )}
    </>
  );
}
