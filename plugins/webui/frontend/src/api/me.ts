/** Who is signed in, and what they may do. Known before anything is drawn; a change of rights ends the session. */
import { call } from "./client";
import type { AuthStatus, Permission } from "./types";

const ANSWER_MS = 10_000;
let me: AuthStatus = { authEnabled: true, authenticated: false, hasUsers: true, sso: false };

/** Throws if there is no answer in time: nothing is on the screen yet. */
export async function loadMe(): Promise<AuthStatus> {
  me = await call("get", "/api/auth/status", { signal: AbortSignal.timeout(ANSWER_MS) });
  return me;
}

export function getMe(): AuthStatus {
  return me;
}

/** Whether the user may do something; admins may do everything. */
export function may(permission: Permission | "admin"): boolean {
  if (!me.authEnabled || me.isAdmin) return true;
  return permission !== "admin" && (me.capabilities ?? []).includes(permission);
}
