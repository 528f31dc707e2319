/** The last value of something, for callbacks that are to stay the same object. */
import { useLayoutEffect, useRef, type RefObject } from "react";

export function useLatest<T>(value: T): RefObject<T> {
  const kept = useRef(value);
  useLayoutEffect(() => {
    kept.current = value;
  });
  return kept;
}
