/** A tooltip: shows on hover and on focus. Without a text it is not there. */
import { Tooltip } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

interface TipProps {
  text: ReactNode;
  children: ReactElement;
  side?: "top" | "right" | "bottom" | "left";
}

export function Tip({ text, children, side = "bottom" }: TipProps) {
  if (!text) return children;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tip" side={side} sideOffset={4} collisionPadding={8}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
