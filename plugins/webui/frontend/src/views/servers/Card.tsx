/** A server on a phone. */
import { IconDotsVertical } from "@tabler/icons-react";
import { count } from "../../format/units";
import { t } from "../../i18n";
import { IconButton } from "../../ui/Button";
import { Menu, type Entry } from "../../ui/Menu";
import type { Server } from "./act";
import { ConnectedMark, nameOfServer } from "./columns";

export const CARD_HEIGHT = 72;

export function ServerCard({ server, entries }: { server: Server; entries: () => Entry[] }) {
  const facts = [
    server.users ? t("servers.userCount", { count: server.users, shown: count(server.users) }) : "",
    server.ping ? `${String(server.ping)} ms` : "",
  ];
  return (
    <div className="row server-card">
      <div className="item-card grow">
        <div className="row">
          <span className="name truncate">{nameOfServer(server)}</span>
          {server.connected && <ConnectedMark />}
        </div>
        <div className="line number quiet">
          <span className="mono truncate">{server.address}</span>
          <span>{facts.filter(Boolean).join(" · ")}</span>
        </div>
      </div>
      {/* the menu is not a tap on the card */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <span onClick={(event) => event.stopPropagation()}>
        <Menu align="end" entries={entries}>
          <IconButton label={t("table.actions", { name: nameOfServer(server) })} tip={false}>
            <IconDotsVertical size={18} aria-hidden />
          </IconButton>
        </Menu>
      </span>
    </div>
  );
}
