/** Where a list was scrolled to at each step of the browser's history: Back finds it so. */
import { useEffect, type RefObject } from "react";
import { getStep, onPlace } from "../router/router";

const MOST = 200;
/** The step and the list -> pixels from above. */
const known = new Map<string, number>();

function keep(key: string, top: number): void {
  known.delete(key);
  known.set(key, top);
  const [oldest] = known.keys();
  if (known.size > MOST && oldest !== undefined) known.delete(oldest);
}

/** Where the list of this name was when one was last at this step. */
export function scrolledTo(name: string): number {
  return known.get(`${String(getStep())} ${name}`) ?? 0;
}

/** Remember it from now on. What opens beside the list is a step as well, and leaves it where it is. */
export function useScrollMemory(name: string, of: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = of.current;
    if (!element) return;
    const remember = () => keep(`${String(getStep())} ${name}`, element.scrollTop);
    element.addEventListener("scroll", remember, { passive: true });
    const end = onPlace(remember);
    return () => {
      element.removeEventListener("scroll", remember);
      end();
    };
  }, [name, of]);
}
