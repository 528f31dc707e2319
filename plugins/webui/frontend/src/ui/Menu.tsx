/** Menus from a list of entries: by a button, or where the pointer is. Both show the same ones. */
import { ContextMenu, DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";

export interface Entry {
  id: string;
  text: string;
  icon?: ReactNode;
  /** Words at the end: a key, or why it is off. */
  note?: string | undefined;
  danger?: boolean;
  disabled?: boolean;
  /** A line above it. */
  line?: boolean;
  onSelect?: () => void;
  /** A menu of its own. */
  entries?: Entry[];
}

type Kit = typeof DropdownMenu | typeof ContextMenu;

function entriesOf(kit: Kit, entries: Entry[]): ReactNode {
  return entries.map((each) => {
    const inner = (
      <>
        {each.icon}
        <span>{each.text}</span>
        {each.note && <span className="menu-note">{each.note}</span>}
      </>
    );
    const className = each.danger ? "menu-item danger" : "menu-item";
    const line = each.line ? <kit.Separator key={`${each.id} line`} className="menu-line" /> : null;
    if (!each.entries) {
      return [
        line,
        <kit.Item key={each.id} className={className} disabled={each.disabled ?? false} onSelect={() => each.onSelect?.()}>
          {inner}
        </kit.Item>,
      ];
    }
    return [
      line,
      <kit.Sub key={each.id}>
        <kit.SubTrigger className={className} disabled={each.disabled ?? false}>
          {inner}
          <span className="menu-note" aria-hidden>
            ›
          </span>
        </kit.SubTrigger>
        <kit.Portal>
          <kit.SubContent className="pop" collisionPadding={8}>
            {entriesOf(kit, each.entries)}
          </kit.SubContent>
        </kit.Portal>
      </kit.Sub>,
    ];
  });
}

interface MenuProps {
  /** Made when it opens. */
  entries: () => Entry[];
  children: ReactElement;
  align?: "start" | "end";
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ entries, children, align = "start", onOpenChange }: MenuProps) {
  return (
    <DropdownMenu.Root onOpenChange={(open) => onOpenChange?.(open)}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="pop" align={align} sideOffset={4} collisionPadding={8}>
          <Lazy make={() => entriesOf(DropdownMenu, entries())} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export function AtPointer({ entries, children, onOpenChange }: MenuProps) {
  return (
    <ContextMenu.Root onOpenChange={(open) => onOpenChange?.(open)}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="pop" collisionPadding={8}>
          <Lazy make={() => entriesOf(ContextMenu, entries())} />
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Lazy({ make }: { make: () => ReactNode }) {
  return make();
}
