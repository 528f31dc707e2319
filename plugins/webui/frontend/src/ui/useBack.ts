/** Back closes what lies over the page: on a phone it is the button for that. */
import { useEffect } from "react";
import { closeOnBack } from "../router/router";
import { useLatest } from "./useLatest";

export function useBack(close: () => void): void {
  const latest = useLatest(close);
  useEffect(() => closeOnBack(() => latest.current()), [latest]);
}
