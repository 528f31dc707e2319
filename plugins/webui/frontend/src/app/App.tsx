/** The frame around all views. */
import { Tooltip } from "radix-ui";
import { useEffect } from "react";
import { DropAnywhere } from "../add/DropAnywhere";
import { openAdd } from "../add/open";
import { may } from "../api/me";
import { t, useLanguage } from "../i18n";
import { useLive } from "../live/store";
import { patchQuery, usePlace } from "../router/router";
import { Dialogs } from "../ui/dialogs";
import { Toasts } from "../ui/toasts";
import { PHONE, useMedia } from "../ui/useMedia";
import { VIEWS } from "../views";
import "./app.css";
import { BottomBar } from "./BottomBar";
import { useGlobalKeys } from "./keys";
import { Notices } from "./Notices";
import { Rail } from "./Rail";
import { TopBar } from "./TopBar";
import { ViewSlot } from "./ViewSlot";

const TOOLTIP_MS = 400;

export function App() {
  const language = useLanguage();
  return (
    <Tooltip.Provider key={language} delayDuration={TOOLTIP_MS}>
      <Frame />
    </Tooltip.Provider>
  );
}

function Frame() {
  const place = usePlace();
  const view = VIEWS.find((each) => each.id === place.view);
  const title = view ? t(view.title) : t("view.notFound");
  const phone = useMedia(PHONE);
  useGlobalKeys();
  const lost = useLive((live) => live.phase === "lost");
  useGivenLink(place.query.get("add"));
  useEffect(() => {
    document.title = `${lost ? t("connection.title", { title }) : title} - aMuTorrent`;
  }, [title, lost]);
  return (
    <>
      <a className="skip btn" href="#content">
        {t("nav.skip")}
      </a>
      <div className={lost ? "app lost" : "app"}>
        {!phone && <Rail />}
        <div className="app-main">
          <TopBar view={view} />
          <Notices />
          <main id="content" className="app-content" tabIndex={-1}>
            <ViewSlot view={view} />
          </main>
          {phone && <BottomBar />}
        </div>
      </div>
      <DropAnywhere />
      <Dialogs />
      <Toasts />
    </>
  );
}

/** `?add=<link>`: a link that the browser handed over opens the box filled in, and is never added by itself. */
function useGivenLink(link: string | null): void {
  useEffect(() => {
    if (link === null) return;
    patchQuery({ add: null });
    if (may("add_downloads")) openAdd({ text: link });
  }, [link]);
}
