/** The way to the sign-in page, and out. */
import { call } from "../api/client";
import { loadMe } from "../api/me";
import { toastError } from "../ui/toasts";
import { inBase } from "../router/base";

let leaving = false;

/** Go and sign in, and come back to where we are. */
export function goToSignIn(): void {
  if (leaving) return;
  leaving = true;
  const here = location.pathname + location.search;
  location.assign(`${inBase("/login")}?next=${encodeURIComponent(here)}`);
}

/** The same, if nobody is signed in any more. */
export async function goIfSignedOut(): Promise<void> {
  const me = await loadMe().catch(() => null);
  if (me?.authEnabled && !me.authenticated) goToSignIn();
}

export async function signOut(): Promise<void> {
  await leave(call("post", "/api/auth/logout"));
}

export async function signOutEverywhere(): Promise<void> {
  await leave(call("delete", "/api/auth/sessions", { body: { keepCurrent: false } }));
}

async function leave(asked: Promise<unknown>): Promise<void> {
  leaving = true; // the live connection may hear of the end before the answer is here
  try {
    await asked;
    location.assign(inBase("/login"));
  } catch (error) {
    leaving = false;
    toastError(error);
    await goIfSignedOut();
  }
}
