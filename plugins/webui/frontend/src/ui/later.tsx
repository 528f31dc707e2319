/** Code that is loaded when it is first wanted. Where the daemon is away and cannot give it, the page stays. */
import { createElement, useEffect, useState, type ComponentType, type ReactNode } from "react";
import { t } from "../i18n";
import { useIsLive } from "../live/hooks";
import { Failed } from "./Loaded";
import { toastError } from "./toasts";

/** Make a component of code that is loaded when it is first drawn; it is tried again when the connection is back. */
export function later<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  waiting: ReactNode = null,
): ComponentType<P> {
  let body: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [failed, setFailed] = useState(false);
    const [turn, setTurn] = useState(0);
    const live = useIsLive();
    useEffect(() => {
      if (body) return;
      load().then(
        (module) => {
          body = module.default;
          setFailed(false);
          setTurn((each) => each + 1);
        },
        () => setFailed(true),
      );
    }, [turn, live]);
    if (body) return createElement(body, props);
    return failed ? <Failed error={new Error(t("error.code"))} again={() => setTurn((each) => each + 1)} /> : waiting;
  };
}

let opening = false;

/** Load the code of a dialog, and open it then. */
export function openLater<M>(load: () => Promise<M>, open: (module: M) => void): void {
  if (opening) return;
  opening = true;
  load()
    .then(open, () => toastError(new Error(t("error.code"))))
    .finally(() => (opening = false));
}
