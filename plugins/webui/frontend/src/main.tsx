/** Starts the UI: who is here, what they have arranged, then the frame and the connection. */
import { createRoot, type Root } from "react-dom/client";
import { onSignedOut } from "./api/client";
import { loadMe } from "./api/me";
import { App } from "./app/App";
import { goIfSignedOut, goToSignIn } from "./app/session";
import { StartTrouble } from "./app/StartTrouble";
import { keepAskingVersion } from "./app/version";
import { showOnceAfterUpdate } from "./app/WhatsNew";
import { preferredLanguage, setLanguage } from "./i18n";
import { startSampling } from "./live/speeds";
import { startLive } from "./live/socket";
import { loadPreferences } from "./prefs/preferences";
import "./ui/base.css";
import "./ui/controls.css";
import "./ui/overlays.css";
import "./ui/parts.css";

const AGAIN_S = 3;

async function start(): Promise<void> {
  onSignedOut(goToSignIn);
  const root = createRoot(document.getElementById("root") as HTMLElement);
  // without its catalogue, which comes from the daemon too, everything is in English
  const spoken = setLanguage(preferredLanguage()).catch(() => undefined);
  const me = await whoIsHere(root, spoken);
  if (me.authEnabled && !me.authenticated) {
    goToSignIn();
    return;
  }
  startLive({ ended: goToSignIn, refused: () => void goIfSignedOut() });
  await Promise.all([loadPreferences(), spoken]);
  startSampling();
  root.render(<App />);
  void showOnceAfterUpdate();
  keepAskingVersion();
}

/** The page may have come from the browser's store while the daemon is away, or fails: say so, and ask on. */
async function whoIsHere(root: Root, spoken: Promise<unknown>): ReturnType<typeof loadMe> {
  for (;;) {
    try {
      return await loadMe();
    } catch (error) {
      await spoken;
      await new Promise<void>((again) => {
        root.render(<StartTrouble error={error} seconds={AGAIN_S} onRetry={again} />);
        setTimeout(again, AGAIN_S * 1000);
      });
    }
  }
}

void start();
