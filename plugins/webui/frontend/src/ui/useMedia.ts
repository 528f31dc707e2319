/** Follow a question to the screen, such as its width. */
import { useCallback, useSyncExternalStore } from "react";

export const PHONE = "(max-width: 639px)";
export const NOT_DESKTOP = "(max-width: 1023px)";

export function useMedia(question: string): boolean {
  const subscribe = useCallback(
    (heard: () => void) => {
      const media = matchMedia(question);
      media.addEventListener("change", heard);
      return () => media.removeEventListener("change", heard);
    },
    [question],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(question).matches);
}
