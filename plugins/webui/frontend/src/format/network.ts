/** What networks are called. */
import { t, type Key } from "../i18n";

/** `other` stands for the clients that name none. */
const NAMED = ["ed2k", "bittorrent", "other"];

export function networkName(network: string): string {
  return NAMED.includes(network) ? t(`network.${network}` as Key) : network;
}

/** A name that fits on a small button. */
export function shortNetworkName(network: string): string {
  return NAMED.includes(network) ? t(`network.${network}.short` as Key) : network.slice(0, 4).toUpperCase();
}
