/** Take what is shown elsewhere: into the clipboard, or as a file. */
import { IconCopy, IconDownload } from "@tabler/icons-react";
import { t } from "../../i18n";
import { IconButton } from "../../ui/Button";
import { copyText } from "../../ui/copy";

interface TakeProps {
  /** Of the file, without its ending. */
  name: string;
  lines: () => string[];
}

export function Take({ name, lines }: TakeProps) {
  const keep = () => {
    const address = URL.createObjectURL(new Blob([`${lines().join("\n")}\n`], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `${name}-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.log`;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <span className="row">
      <IconButton label={t("logs.copy")} look="normal" onClick={() => void copyText(lines().join("\n"))}>
        <IconCopy size={18} aria-hidden />
      </IconButton>
      <IconButton label={t("logs.download")} look="normal" onClick={keep}>
        <IconDownload size={18} aria-hidden />
      </IconButton>
    </span>
  );
}
