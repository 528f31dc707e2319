/** A link within the UI: an ordinary one for the browser (new tab, copy), without a reload for a plain click. */
import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { inBase } from "./base";
import { navigate } from "./router";

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> {
  to: string;
}

export function Link({ to, onClick, children, ...rest }: LinkProps) {
  function follow(event: MouseEvent<HTMLAnchorElement>) {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain) return;
    event.preventDefault();
    navigate(to);
  }
  return (
    <a href={inBase(to)} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
