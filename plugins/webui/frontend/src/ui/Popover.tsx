/** A small panel that belongs to a button. */
import { Popover as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

interface PopoverProps {
  trigger: ReactElement;
  label: string;
  children: ReactNode;
  align?: "start" | "center" | "end";
}

export function Popover({ trigger, label, children, align = "end" }: PopoverProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="pop" aria-label={label} align={align} sideOffset={6} collisionPadding={8}>
          <div className="pop-body stack">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
