/** Files and links dropped anywhere on the page open the box that adds them, or join what is in it. */
import { useEffect, useState } from "react";
import { may } from "../api/me";
import { t } from "../i18n";
import { isDialogOpen } from "../ui/dialogs";
import { isAddOpen, openAdd } from "./open";

const FILES = "Files";
const KINDS = [FILES, "text/uri-list", "text/plain"];
const FIELD = "input, textarea";

/** `refuse`: nobody takes it, and the browser must not go away to show it. `leave`: it is none of our business. */
type Answer = "take" | "refuse" | "leave";

function answerTo(event: DragEvent): Answer {
  const types = event.dataTransfer?.types ?? [];
  if (!KINDS.some((each) => types.includes(each))) return "leave";
  const intoField = event.target instanceof Element && event.target.closest(FIELD) !== null;
  if (intoField && !types.includes(FILES)) return "leave";
  return may("add_downloads") && (isAddOpen() || !isDialogOpen()) ? "take" : "refuse";
}

function take(data: DataTransfer | null): void {
  const files = [...(data?.files ?? [])];
  const text = files.length > 0 ? "" : (data?.getData("text/plain") ?? "");
  if (files.length > 0 || text.trim()) openAdd({ files, text });
}

export function DropAnywhere() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    /** What is dragged comes from this page: a column, a selected text, a link. */
    let inside = false;
    const begin = () => (inside = true);
    const end = () => (inside = false);
    function enter(event: DragEvent) {
      const answer = inside ? "leave" : answerTo(event);
      if (answer !== "leave") event.preventDefault();
      if (answer === "refuse" && event.dataTransfer) event.dataTransfer.dropEffect = "none";
      setOver(answer === "take");
    }
    function leave(event: DragEvent) {
      if (event.relatedTarget === null) setOver(false);
    }
    function drop(event: DragEvent) {
      const answer = inside ? "leave" : answerTo(event);
      end();
      setOver(false);
      if (answer !== "leave") event.preventDefault();
      if (answer === "take") take(event.dataTransfer);
    }
    const heard = { dragstart: begin, dragend: end, pointerdown: end, dragenter: enter, dragover: enter, dragleave: leave, drop };
    const all = Object.entries(heard) as [string, EventListener][];
    for (const [name, hear] of all) addEventListener(name, hear);
    return () => {
      for (const [name, hear] of all) removeEventListener(name, hear);
    };
  }, []);
  return over ? <div className="drop-veil">{t("add.drop")}</div> : null;
}
