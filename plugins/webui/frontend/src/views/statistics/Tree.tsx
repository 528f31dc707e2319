/** The statistics that a client keeps itself, as the tree that it sends. */
import { useState } from "react";
import { call } from "../../api/client";
import type { Schemas } from "../../api/types";
import { useAsked } from "../../api/useAsked";
import { t } from "../../i18n";
import { useHiddenInstances, useInstances } from "../../live/hooks";
import { useQuery } from "../../router/router";
import { Button } from "../../ui/Button";
import { Skeleton } from "../../ui/Parts";
import { Segments } from "../../ui/Segments";
import { Trouble } from "../../ui/Trouble";

type Node = Schemas["StatsNode"];

const EVERY_MS = 15_000;

export function Trees() {
  const [hidden] = useHiddenInstances();
  const able = useInstances().filter(([id, each]) => each.capabilities["statsTree"] && each.connected && !hidden.includes(id));
  const [wanted, setWanted] = useQuery("tree", "step");
  const [first] = able;
  if (!first) return null;
  const id = able.some(([each]) => each === wanted) ? wanted : first[0];
  return (
    <section className="card stack">
      <div className="row wrap">
        <h2 className="grow">{able.length > 1 ? t("stats.tree") : t("stats.treeOf", { name: first[1].name })}</h2>
        {able.length > 1 && (
          <Segments
            label={t("column.client")}
            value={id}
            options={able.map(([each, instance]) => [each, instance.name] as const)}
            onChange={setWanted}
          />
        )}
      </div>
      <Tree key={id} id={id} />
    </section>
  );
}

function Tree({ id }: { id: string }) {
  const { data, error, again } = useAsked(
    id,
    (signal) => call("get", "/api/v1/amule/stats-tree", { query: { instanceId: id }, signal }),
    EVERY_MS,
  );
  // which is drawn anew when all of it is to be opened or closed
  const [all, setAll] = useState({ open: false, turn: 0 });
  if (error !== null && !data) return <Trouble text={error.message} onRetry={again} />;
  if (!data) return <Skeleton lines={5} />;
  const turnTo = (open: boolean) => setAll((before) => ({ open, turn: before.turn + 1 }));
  return (
    <>
      <div className="row">
        <Button onClick={() => turnTo(true)}>{t("stats.openAll")}</Button>
        <Button onClick={() => turnTo(false)}>{t("stats.closeAll")}</Button>
      </div>
      <Nodes key={all.turn} nodes={data.data} open={all.open} depth={0} />
    </>
  );
}

interface NodesProps {
  nodes: Node[];
  open: boolean;
  depth: number;
}

function Nodes({ nodes, open, depth }: NodesProps) {
  return (
    <ul className={depth === 0 ? "tree" : "tree-inner"}>
      {nodes.map((node, index) => {
        const children = node.children ?? [];
        return (
          <li key={`${node.template} ${String(index)}`}>
            {children.length > 0 ? (
              <details open={open || depth === 0}>
                <summary>{node.label}</summary>
                <Nodes nodes={children} open={open} depth={depth + 1} />
              </details>
            ) : (
              <span className="tree-leaf number">{node.label}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
