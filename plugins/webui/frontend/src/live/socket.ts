/** The connection behind the live list: it comes back by itself, and notices when nothing arrives any more. */
import type { SocketMessage } from "../api/types";
import { socketAddress } from "../router/base";
import { apply, connected } from "./apply";
import { getLive, patchLive, setLive } from "./store";

/** The daemon sends statistics at least every 5 s: after this long a connection is dead, whatever the browser says. */
const SILENCE_MS = 15_000;
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 15_000];
/** A hidden tab keeps its connection this long. */
const HIDDEN_MS = 60_000;
const HIDDEN_CODE = 4000;
/** Nobody is signed in, or this page was sent too much at once and was too slow. */
const REFUSED_CODE = 1008;
const ENDED_CODE = 4001;

type Heard = (message: SocketMessage) => void;

const listeners = new Set<Heard>();
const channels = new Map<string, { channel: string; users: number; fields: object }>();
let socket: WebSocket | null = null;
let failures = 0;
/** When the last message came, in ms: what is seen is as old as that once the connection is lost. */
let heardAt = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let silenceTimer: ReturnType<typeof setTimeout> | undefined;
let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
let told: Told = { ended: () => undefined, refused: () => undefined };

interface Told {
  /** The session has ended. */
  ended: () => void;
  /** The daemon closed the connection; perhaps it wants somebody to sign in. It is tried again. */
  refused: () => void;
}

/** Connect, and stay connected. */
export function startLive(tell: Told): void {
  told = tell;
  document.addEventListener("visibilitychange", visibilityChanged);
  addEventListener("online", () => retryNow());
  open();
}

/** Hear every message; gives the function that ends it. */
export function onMessage(heard: Heard): () => void {
  listeners.add(heard);
  return () => listeners.delete(heard);
}

/** Subscribe to a channel as long as somebody wants it, over reconnections too; gives the function that ends it. */
export function joinChannel(channel: string, fields: object = {}): () => void {
  const key = channel + JSON.stringify(fields);
  const known = channels.get(key) ?? { channel, users: 0, fields };
  channels.set(key, known);
  if (known.users++ === 0) send({ action: "subscribe", channel, ...fields });
  return () => {
    if (--known.users > 0) return;
    channels.delete(key);
    send({ action: "unsubscribe", channel, ...fields });
  };
}

/** Try again at once, if the connection is lost. */
export function retryNow(): void {
  if (socket) return;
  failures = 0;
  open();
}

/** Send a request of one word; its reply comes as a message. Nothing is sent while there is no connection. */
export function ask(action: string): void {
  send({ action });
}

function send(message: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function open(): void {
  clearTimeout(retryTimer);
  const { seq, session } = getLive();
  const resume = seq === null ? "" : `?since=${String(seq)}&session=${String(session)}`;
  const opened = new WebSocket(socketAddress(resume));
  socket = opened;
  listen(); // an attempt that nobody answers ends as well
  opened.onopen = () => {
    for (const { channel, fields } of channels.values()) send({ action: "subscribe", channel, ...fields });
  };
  opened.onmessage = (event: MessageEvent<string>) => {
    if (socket === opened) take(JSON.parse(event.data) as SocketMessage);
  };
  opened.onclose = (event) => {
    if (socket === opened) lose(event.code);
  };
}

function take(message: SocketMessage): void {
  listen();
  heardAt = Date.now();
  failures = 0;
  if (message.type === "connected") setLive(connected(getLive(), message.session));
  else if (message.type === "batch-update") update(message.data);
  else if (message.type === "search-lock") patchLive({ searching: message.instances });
  else if (message.type === "categories-update") patchLive({ categories: message.data });
  for (const each of [...listeners]) each(message);
}

function update(data: Extract<SocketMessage, { type: "batch-update" }>["data"]): void {
  const next = apply(getLive(), data);
  if (next) setLive({ ...next, phase: "live", staleSince: null });
  else {
    patchLive({ seq: null });
    send({ action: "requestFullSnapshot" });
  }
}

/** Wait for the next message, but not for ever. */
function listen(): void {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(() => {
    const dead = socket;
    lose(1006);
    dead?.close();
  }, SILENCE_MS);
}

function lose(code: number): void {
  socket = null;
  clearTimeout(silenceTimer);
  const { staleSince } = getLive();
  patchLive({ phase: "lost", staleSince: staleSince ?? heardAt });
  if (code === ENDED_CODE) {
    told.ended();
    return;
  }
  if (code === REFUSED_CODE) told.refused();
  if (code === HIDDEN_CODE && document.hidden) return;
  const wait = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? 0;
  retryTimer = setTimeout(open, wait * (0.75 + Math.random() / 2));
}

function visibilityChanged(): void {
  clearTimeout(hiddenTimer);
  if (!document.hidden) retryNow();
  else hiddenTimer = setTimeout(() => socket?.close(HIDDEN_CODE, "hidden"), HIDDEN_MS);
}
