/** Ask before something that cannot be taken back; the safe answer has the focus. */
import { useRef, type ReactNode } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { showDialog } from "./dialogs";

interface ConfirmProps {
  title: string;
  children?: ReactNode;
  yes: string;
  danger?: boolean;
  onYes: () => void;
  onClose: () => void;
}

function Confirm({ title, children, yes, danger = true, onYes, onClose }: ConfirmProps) {
  const safe = useRef<HTMLButtonElement>(null);
  const foot = (
    <>
      <Button ref={safe} onClick={onClose}>
        {t("action.cancel")}
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
    <Dialog title={title} onClose={onClose} foot={foot} focus={safe}>
      {children}
    </Dialog>
  );
}

/** Show the question; `onYes` is called for the other answer alone. */
export function confirm(asked: Omit<ConfirmProps, "onClose">): void {
  showDialog((close) => <Confirm {...asked} onClose={close} />);
}
