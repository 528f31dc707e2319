/** What can be done with peers that something goes out to, and with their files. */
import { IconCopy, IconFile, IconListDetails, IconSquareCheck } from "@tabler/icons-react";
import type { Upload } from "../../api/types";
import { t } from "../../i18n";
import { actionEntries, itemsOf } from "../../items/entries";
import { patchQuery } from "../../router/router";
import { copyText } from "../../ui/copy";
import type { Entry } from "../../ui/Menu";
import { addressOf, itemKeyOf } from "./columns";

const SIZE = 16;

/** Show the details of the file that a peer gets. */
export function openFile(peer: Upload): void {
  patchQuery({ item: itemKeyOf(peer) }, "step");
}

/** `select`: what selects them, where a finger has to. */
export function peerEntries(peers: Upload[], select: (() => void) | null): Entry[] {
  const [first] = peers;
  const addresses = [...new Set(peers.map(addressOf))].filter(Boolean);
  const files = actionEntries(itemsOf([...new Set(peers.map(itemKeyOf))]));
  const list: (Entry | false | undefined)[] = [
    first && peers.length === 1 && { id: "open", text: t("uploads.open"), icon: <IconListDetails size={SIZE} aria-hidden />, onSelect: () => openFile(first) },
    select !== null && { id: "select", text: t("act.select"), icon: <IconSquareCheck size={SIZE} aria-hidden />, onSelect: select },
    addresses.length > 0 && {
      id: "copy",
      text: t("uploads.copyAddress", { count: addresses.length }),
      icon: <IconCopy size={SIZE} aria-hidden />,
      onSelect: () => void copyText(addresses.join("\n")),
    },
    files.length > 0 && { id: "file", text: t("uploads.file"), icon: <IconFile size={SIZE} aria-hidden />, line: true, entries: files },
  ];
  return list.filter((each): each is Entry => !!each);
}
