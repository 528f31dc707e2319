/** How many children of a wrapping element stand in its first line; the others are below it, out of sight. */
import { useEffect, useState, type RefObject } from "react";

/** `what` names the children: with others it looks again. */
export function useFirstLine(of: RefObject<HTMLElement | null>, what: string): number {
  const [fit, setFit] = useState(Infinity);
  useEffect(() => {
    const element = of.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const children = [...element.children] as HTMLElement[];
      const inLine = children.filter((each) => each.offsetTop === children[0]?.offsetTop).length;
      setFit(inLine < children.length ? inLine : Infinity);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [of, what]);
  return fit;
}
