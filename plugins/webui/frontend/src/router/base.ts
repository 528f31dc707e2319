/** Where the UI stands: behind a reverse proxy that may be a path prefix. The page carries it as its base address. */
const prefix = typeof document === "undefined" ? "" : new URL(document.baseURI).pathname.replace(/\/$/, "");

/** Give the address of a path of ours, which begins with a slash. */
export function inBase(path: string): string {
  return prefix + path;
}

/** Give the path of ours that an address of this site names. */
export function outOfBase(pathname: string): string {
  const rest = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname;
  return rest === "" ? "/" : rest;
}

/** Give the address of the socket. */
export function socketAddress(query: string): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${location.host}${inBase("/ws")}${query}`;
}
