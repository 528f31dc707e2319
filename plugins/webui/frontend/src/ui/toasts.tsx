/** Short messages at the edge: what was done, with a way back where there is one, or why it was not. */
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { t } from "../i18n";
import { Button, IconButton } from "./Button";

interface Toast {
  id: number;
  text: string;
  detail?: string | undefined;
  bad: boolean;
  undo?: (() => void) | undefined;
}

const GOOD_MS = 5000;
const BAD_MS = 12_000;
const MOST = 4;
let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(now: Toast[]): void {
  toasts = now;
  for (const each of [...listeners]) each();
}

function show(toast: Omit<Toast, "id">): void {
  const id = next++;
  set([...toasts, { ...toast, id }].slice(-MOST));
  setTimeout(() => dismiss(id), toast.bad ? BAD_MS : GOOD_MS);
}

function dismiss(id: number): void {
  if (toasts.some((each) => each.id === id)) set(toasts.filter((each) => each.id !== id));
}

/** Say that something was done; `undo` takes it back. */
export function toast(text: string, undo?: () => void): void {
  show({ text, bad: false, undo });
}

/** Say why something was not done: one sentence of ours, the daemon's own words below. */
export function toastError(error: unknown, text: string = t("error.title")): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const detail = error instanceof Error ? error.message : String(error);
  show({ text, detail, bad: true });
}

export function Toasts() {
  const now = useSyncExternalStore(
    (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    () => toasts,
  );
  return (
    <section className="toasts" aria-label={t("toast.region")} aria-live="polite">
      {now.map((each) => (
        <div key={each.id} className={each.bad ? "toast error" : "toast"} role={each.bad ? "alert" : "status"}>
          {each.bad ? <IconAlertTriangle size={18} aria-hidden /> : <IconCheck size={18} aria-hidden />}
          <div className="toast-body">
            <div>{each.text}</div>
            {each.detail && <div className="toast-detail">{each.detail}</div>}
          </div>
          <div className="row">
            {each.undo && (
              <Button
                look="quiet"
                onClick={() => {
                  each.undo?.();
                  dismiss(each.id);
                }}
              >
                {t("action.undo")}
              </Button>
            )}
            <IconButton label={t("action.close")} tip={false} onClick={() => dismiss(each.id)}>
              <IconX size={16} aria-hidden />
            </IconButton>
          </div>
        </div>
      ))}
    </section>
  );
}
