/** Ask before something that cannot be taken back; the safe answer has the focus. */
import { useRef, type ReactNode } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { DialogFrame } from "./DialogFrame";
import { showDialog } from "./dialogs";

interface ConfirmProps {
  title: string;
  children?: ReactNode;
  yes: string;
  /** The safe answer; else *Cancel*. */
  no?: string;
  danger?: boolean;
  onYes: () => void;
  onNo?: (() => void) | undefined;
  onClose: () => void;
}

function Confirm({ title, children, yes, no = t("action.cancel"), danger = true, onYes, onNo, onClose }: ConfirmProps) {
  const safe = useRef<HTMLButtonElement>(null);
  const leave = () => {
    onClose();
    onNo?.();
  };
  const foot = (
    <>
      <Button ref={safe} onClick={leave}>
        {no}
      </Button>
      <Button
        look={danger ? "danger" : "primary"}
        onClick={() => {
          onYes();
          onClose();
        }}
      >
        {yes}
      </Button>
    </>
  );
  return (
    <DialogFrame title={title} onClose={leave} foot={foot} focus={safe} narrow>
      {children}
    </DialogFrame>
  );
}

/** Show the question; `onYes` is called for the other answer alone. */
export function confirm(asked: Omit<ConfirmProps, "onClose">): void {
  showDialog((close) => <Confirm {...asked} onClose={close} />);
}
