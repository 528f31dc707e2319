/** Requests to the daemon, typed by its own description: the path decides what goes in and what comes back. */
import { t } from "../i18n";
import { inBase } from "../router/base";
import { ApiError, refusalOf } from "./error";
import type { paths } from "./schema";

type Verb = "get" | "post" | "put" | "delete";
type PathsWith<V extends Verb> = { [P in keyof paths]: paths[P][V] extends object ? P : never }[keyof paths];
type Operation<P extends keyof paths, V extends Verb> = NonNullable<paths[P][V]>;
type Json<T> = T extends { content: { "application/json": infer B } } ? B : never;
type Answers<O> = O extends { responses: infer R } ? R : never;
export type Reply<P extends keyof paths, V extends Verb> =
  Answers<Operation<P, V>> extends infer R
    ? R extends { 200: infer A }
      ? Json<A>
      : R extends { 201: infer A }
        ? Json<A>
        : never
    : never;
type Body<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { requestBody?: infer B } ? Json<NonNullable<B>> : undefined;
type Query<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;
type Parts<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { parameters: { path: infer T } } ? T : Record<string, never>;

interface Asked<B, Q, T> {
  body?: B;
  query?: Q;
  path?: T;
  signal?: AbortSignal;
  /** The request goes out even if the page is closed. */
  keepalive?: boolean;
}

const listeners = new Set<() => void>();

/** Call `heard` when the daemon says that nobody is signed in any more. */
export function onSignedOut(heard: () => void): void {
  listeners.add(heard);
}

/** Send a request. Throws `ApiError`; one with the code `unreachable` when there was no answer at all. */
export async function call<V extends Verb, P extends PathsWith<V>>(
  verb: V,
  path: P,
  asked: Asked<Body<P, V>, Query<P, V>, Parts<P, V>> = {},
): Promise<Reply<P, V>> {
  const answer = await ask(address(path, asked.path ?? {}, asked.query ?? {}), {
    method: verb.toUpperCase(),
    signal: asked.signal ?? null,
    keepalive: asked.keepalive ?? false,
    ...(asked.body === undefined
      ? {}
      : { body: JSON.stringify(asked.body), headers: { "Content-Type": "application/json" } }),
  });
  return (await answer.json()) as Reply<P, V>;
}

/** What needs a person, as the daemon says it. Its route is for supervisors, and no part of the described API. */
export async function askProblems(signal: AbortSignal): Promise<Problem[]> {
  const answer = await ask(inBase("/health"), { signal });
  return ((await answer.json()) as { problems?: Problem[] }).problems ?? [];
}

/** Source: http-api 13. */
export interface Problem {
  code: string;
  /** For those who have signed in. */
  message?: string;
}

async function ask(url: string, request: RequestInit): Promise<Response> {
  const answer = await fetch(url, { ...request, credentials: "same-origin" }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("unreachable", t("error.unreachable"), 0);
  });
  if (answer.ok) return answer;
  const refusal = await refusalOf(answer);
  if (refusal.status === 401 && refusal.code !== "invalid_credentials") for (const each of listeners) each();
  throw refusal;
}

/** Give the address of a path with its parameters filled in, for links and downloads too. */
export function address(path: string, parts: object, query: object): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((parts as Record<string, unknown>)[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return inBase(filled) + (search.size > 0 ? `?${search.toString()}` : "");
}
