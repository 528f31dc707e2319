/** Servers and Kad of every instance that has them. */
import { IconPlugConnected, IconPlugConnectedX, IconPlus, IconRefresh, IconServer2, IconServerOff, IconTrash } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import { call } from "../../api/client";
import type { Instance, SocketMessage } from "../../api/types";
import { useAsked } from "../../api/useAsked";
import { AllHidden } from "../../app/AllHidden";
import { t } from "../../i18n";
import "../../items/items.css";
import { matches, wordsOf } from "../../items/words";
import { useHiddenInstances, useInstances, useMessages } from "../../live/hooks";
import { useLive } from "../../live/store";
import { patchQuery, useQuery } from "../../router/router";
import { readSort, writeSort, type Sort } from "../../table/columns";
import { useLayout } from "../../table/layout";
import { ListTools } from "../../table/ListTools";
import { useSelection } from "../../table/selection";
import { SelectionBar } from "../../table/SelectionBar";
import { Table } from "../../table/Table";
import { useOrder } from "../../table/useOrder";
import { Button } from "../../ui/Button";
import { confirm } from "../../ui/Confirm";
import type { Entry } from "../../ui/Menu";
import { Empty, Skeleton } from "../../ui/Parts";
import { runMany } from "../../ui/runMany";
import { Segments } from "../../ui/Segments";
import { Trouble } from "../../ui/Trouble";
import { connect, disconnect, removeServer, type Server } from "./act";
import { CARD_HEIGHT, ServerCard } from "./Card";
import { keyOfServer, nameOfServer, SERVER_COLUMNS } from "./columns";
import { openAddServer, openUpdate } from "./dialogs";
import "./servers.css";
import { Message, States } from "./State";

const EVERY_MS = 20_000;
const SIZE = 16;
const STANDARD: Sort = { column: "connected", descending: true };
const USERS: Sort = { column: "users", descending: true };

export default function Servers() {
  const loaded = useLive((live) => live.loaded);
  const [hidden] = useHiddenInstances();
  const all = useInstances().filter(([, each]) => each.capabilities["servers"] || each.capabilities["kad"]);
  const able = all.filter(([id]) => !hidden.includes(id));
  const [wanted, setWanted] = useQuery("instance", "step");
  const found = able.find(([id]) => id === wanted) ?? able[0];
  if (!loaded) {
    return (
      <div className="page">
        <Skeleton lines={6} />
      </div>
    );
  }
  if (!found && all.length > 0) return <AllHidden />;
  if (!found) return <Empty icon={<IconServerOff size={40} aria-hidden />} title={t("servers.noneHere")} />;
  const [id, instance] = found;
  return (
    <div className="split-list servers">
      {able.length > 1 && (
        <div className="servers-which">
          <Segments label={t("column.client")} value={id} options={able.map(([each, { name }]) => [each, name] as const)} onChange={setWanted} />
        </div>
      )}
      {!instance.connected && (
        <div className="table-note">{t("servers.away", { name: instance.name, state: t(`instanceState.${instance.state}`) })}</div>
      )}
      <States id={id} instance={instance} />
      {instance.capabilities["serverInfo"] && instance.connected && <Message key={`${id} message`} id={id} instance={instance} />}
      {instance.capabilities["servers"] && <ServerList key={id} id={id} instance={instance} />}
    </div>
  );
}

function useServers(id: string, connected: boolean) {
  const asked = useAsked(
    `${id} ${String(connected)}`,
    (signal) => call("get", "/api/v1/amule/servers", { query: { instanceId: id }, signal }).then((reply) => reply.data),
    EVERY_MS,
  );
  const { set } = asked;
  useMessages(
    useCallback(
      (message: SocketMessage) => {
        if (message.type === "servers-update" && message.instanceId === id) set(message.data);
      },
      [id, set],
    ),
  );
  return asked;
}

function ServerList({ id, instance }: { id: string; instance: Instance }) {
  const { data, error, again } = useServers(id, instance.connected);
  const [layout, setLayout] = useLayout("servers");
  const [sortText] = useQuery("sort");
  const sort = readSort(sortText, STANDARD);
  const [text] = useQuery("q");
  const [busy, setBusy] = useState(false);
  const rows = useMemo(() => {
    const words = wordsOf(text);
    return (data ?? []).filter((each) => matches(`${each.name} ${each.address} ${each.description ?? ""}`.toLowerCase(), words));
  }, [data, text]);
  const onSort = (next: Sort) => patchQuery({ sort: writeSort(next) });
  const sorts = [sort, ...(layout.second ? [layout.second] : []), USERS];
  const ordered = useOrder(rows, keyOfServer, SERVER_COLUMNS, sorts, busy);
  const keys = useMemo(() => ordered.rows.map(keyOfServer), [ordered.rows]);
  const selection = useSelection(keys);
  const serversOf = (of: string[]) => ordered.rows.filter((each) => of.includes(keyOfServer(each)));
  const remove = (servers: Server[]) => askAndRemove(id, servers, selection.clear);
  const entries = (of: string[]): Entry[] => {
    const servers = serversOf(of);
    const [one] = servers;
    const alone = servers.length === 1 && one;
    const list: (Entry | false | undefined)[] = [
      alone && !one.connected && { id: "connect", text: t("servers.connect"), icon: <IconPlugConnected size={SIZE} aria-hidden />, onSelect: () => void connect(id, one) },
      alone && one.connected && { id: "disconnect", text: t("servers.disconnect"), icon: <IconPlugConnectedX size={SIZE} aria-hidden />, onSelect: () => void disconnect(id) },
      { id: "remove", text: t("servers.remove"), icon: <IconTrash size={SIZE} aria-hidden />, danger: true, line: true, onSelect: () => remove(servers) },
    ];
    return list.filter((each): each is Entry => !!each);
  };
  if (!data) return <div className="page">{error === null ? <Skeleton lines={5} /> : <Trouble text={error.message} onRetry={again} />}</div>;
  return (
    <>
      {error !== null && <Trouble text={error.message} onRetry={again} />}
      {data.length > 0 && (
        <div className="filter-bar">
          <span className="filter-words small quiet">{t("servers.count", { count: data.length })}</span>
          <span className="push row">
            <ListTools columns={SERVER_COLUMNS} layout={layout} setLayout={setLayout} sort={sort} onSort={onSort} order={ordered} />
          </span>
        </div>
      )}
      <Table
        label={t("nav.servers")}
        columns={SERVER_COLUMNS}
        rows={ordered.rows}
        keyOf={keyOfServer}
        nameOf={nameOfServer}
        sort={sort}
        onSort={onSort}
        layout={layout}
        setLayout={setLayout}
        selection={selection}
        onOpen={(server) => askAndConnect(id, server)}
        entries={entries}
        onKey={(key, of) => {
          const servers = serversOf(of);
          if (key !== "Delete" || servers.length === 0) return false;
          remove(servers);
          return true;
        }}
        card={(server) => <ServerCard server={server} entries={() => entries([keyOfServer(server)])} />}
        cardHeight={CARD_HEIGHT}
        empty={<Nothing id={id} away={!instance.connected} filtered={data.length > 0} />}
        onBusy={setBusy}
      />
      <SelectionBar selection={selection} total={keys.length}>
        <Button className="wrong push" onClick={() => remove(serversOf(selection.keys))}>
          <IconTrash size={SIZE} aria-hidden />
          {t("servers.remove")}
        </Button>
      </SelectionBar>
    </>
  );
}

function askAndConnect(id: string, server: Server): void {
  if (server.connected) return;
  const name = nameOfServer(server);
  confirm({
    title: t("servers.connectTitle", { name }),
    children: <p>{t("servers.connectText")}</p>,
    yes: t("servers.connect"),
    danger: false,
    onYes: () => void connect(id, server),
  });
}

function askAndRemove(id: string, servers: Server[], done: () => void): void {
  const [one] = servers;
  confirm({
    title: one && servers.length === 1 ? t("servers.removeOne", { name: nameOfServer(one) }) : t("servers.removeMany", { count: servers.length }),
    children: <p>{t("servers.removeText")}</p>,
    yes: t("servers.remove"),
    onYes: () => void runMany({ name: t("servers.remove"), things: servers, nameOf: nameOfServer, each: (server) => removeServer(id, server) }).then(done),
  });
}

function Nothing({ id, away, filtered }: { id: string; away: boolean; filtered: boolean }) {
  if (filtered) {
    return (
      <Empty icon={<IconServerOff size={40} aria-hidden />} title={t("downloads.noMatchTitle")}>
        <Button onClick={() => patchQuery({ q: null }, "step")}>{t("action.clearFilters")}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon={<IconServer2 size={40} aria-hidden />} title={t("servers.emptyTitle")}>
      <p>{t("servers.emptyText")}</p>
      <span className="row wrap servers-begin">
        <Button look="primary" disabled={away} onClick={() => openUpdate(id)}>
          <IconRefresh size={SIZE} aria-hidden />
          {t("servers.update")}
        </Button>
        <Button disabled={away} onClick={() => openAddServer(id)}>
          <IconPlus size={SIZE} aria-hidden />
          {t("servers.add")}
        </Button>
      </span>
    </Empty>
  );
}
