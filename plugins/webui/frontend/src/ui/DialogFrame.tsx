/** What every dialog is: takes the focus, gives it back, closes with Escape. `Dialog` asks first where something was entered. */
import { IconX } from "@tabler/icons-react";
import { Dialog as Radix } from "radix-ui";
import { useState, type FormEvent, type ReactNode, type RefObject } from "react";
import { t } from "../i18n";
import { IconButton } from "./Button";
import { useBack } from "./useBack";

export interface FrameProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
  wide?: boolean;
  narrow?: boolean;
  /** Makes the whole dialog a form. */
  onSubmit?: () => void;
  /** What has the focus first; else what the browser was told, or the first thing there is. */
  focus?: RefObject<HTMLElement | null>;
}

export function DialogFrame({ title, onClose, children, foot, wide = false, narrow = false, onSubmit, focus }: FrameProps) {
  useBack(onClose);
  const [before] = useState(() => document.activeElement);
  const inner = (
    <>
      <div className="dialog-body">{children}</div>
      {foot && <div className="dialog-foot">{foot}</div>}
    </>
  );
  function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  }
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="veil" />
        <Radix.Content
          className={`dialog ${wide ? "wide" : ""} ${narrow ? "narrow" : ""}`}
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            if (!focus?.current) return;
            event.preventDefault();
            focus.current.focus();
          }}
          onCloseAutoFocus={(event) => {
            // the library gives it to a button of its own alone
            event.preventDefault();
            if (before instanceof HTMLElement) before.focus();
          }}
        >
          <div className="dialog-head">
            <Radix.Title asChild>
              <h2 className="grow">{title}</h2>
            </Radix.Title>
            <Radix.Close asChild>
              <IconButton label={t("action.close")} tip={false}>
                <IconX size={18} aria-hidden />
              </IconButton>
            </Radix.Close>
          </div>
          {onSubmit ? (
            <form onSubmit={submit} style={{ display: "contents" }}>
              {inner}
            </form>
          ) : (
            inner
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
