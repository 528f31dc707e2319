/** A dialog. What was entered in it is not thrown away without a question. */
import { IconX } from "@tabler/icons-react";
import { Dialog as Radix } from "radix-ui";
import { useState } from "react";
import { t } from "../i18n";
import { IconButton } from "./Button";
import { DialogFrame, type FrameProps } from "./DialogFrame";
import { askToLeave, useUnsaved } from "./unsaved";
import { useBack } from "./useBack";

interface DialogProps extends FrameProps {
  /** Something was entered that would be lost: Escape, a click beside it and the cross ask first; *Cancel* says it itself. */
  dirty?: boolean;
}

export function Dialog({ dirty = false, onClose, ...rest }: DialogProps) {
  const [asking, setAsking] = useState(false);
  useUnsaved(dirty);
  function close() {
    if (!dirty) onClose();
    else if (!asking) {
      setAsking(true);
      askToLeave(onClose, () => setAsking(false));
    }
  }
  return <DialogFrame onClose={close} {...rest} />;
}

/** What comes up from below on a phone. */
export function Sheet({ title, onClose, children }: Pick<FrameProps, "title" | "onClose" | "children">) {
  useBack(onClose);
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content className="sheet stack" aria-describedby={undefined}>
          <div className="row">
            <Radix.Title asChild>
              <h2 className="grow">{title}</h2>
            </Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t("action.close")} tip={false}>
                <IconX size={18} aria-hidden />
              </IconButton>
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
