/** Starts the UI: who is here, what they have arranged, then the frame and the connection. */
import { createRoot } from "react-dom/client";
import { onSignedOut } from "./api/client";
import { loadMe } from "./api/me";
import { App } from "./app/App";
import { goToSignIn } from "./app/session";
import { showOnceAfterUpdate } from "./app/WhatsNew";
import { preferredLanguage, setLanguage } from "./i18n";
import { startSampling } from "./live/speeds";
import { startLive } from "./live/socket";
import { loadPreferences } from "./prefs/preferences";
import "./ui/base.css";
import "./ui/controls.css";
import "./ui/overlays.css";
import "./ui/parts.css";

const AGAIN_MS = 3000;

async function start(): Promise<void> {
  onSignedOut(goToSignIn);
  const me = await whoIsHere();
  if (me.authEnabled && !me.authenticated) {
    goToSignIn();
    return;
  }
  startLive(goToSignIn);
  await Promise.all([loadPreferences(), setLanguage(preferredLanguage())]);
  startSampling();
  createRoot(document.getElementById("root") as HTMLElement).render(<App />);
  void showOnceAfterUpdate();
}

/** The page may have come from the browser's store while the daemon is away: wait for it. */
async function whoIsHere(): ReturnType<typeof loadMe> {
  for (;;) {
    try {
      return await loadMe();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

void start();
