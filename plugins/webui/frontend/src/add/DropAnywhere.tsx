/** Files and links dropped anywhere on the page open the box that adds them. */
import { useEffect, useState } from "react";
import { t } from "../i18n";
import { isDialogOpen } from "../ui/dialogs";
import { openAdd } from "./open";

const KINDS = ["Files", "text/uri-list", "text/plain"];

function isOurs(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  return !isDialogOpen() && !types.includes("text/x-column") && KINDS.some((each) => types.includes(each));
}

export function DropAnywhere() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    function enter(event: DragEvent) {
      if (!isOurs(event)) return;
      event.preventDefault();
      setOver(true);
    }
    function leave(event: DragEvent) {
      if (event.relatedTarget === null) setOver(false);
    }
    function drop(event: DragEvent) {
      if (!isOurs(event)) return;
      event.preventDefault();
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      const text = event.dataTransfer?.getData("text/plain") ?? "";
      if (files.length > 0 || text.trim()) openAdd({ files, text });
    }
    addEventListener("dragenter", enter);
    addEventListener("dragover", enter);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragenter", enter);
      removeEventListener("dragover", enter);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return over ? <div className="drop-veil">{t("add.drop")}</div> : null;
}
