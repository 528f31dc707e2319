/** Stands where a view has nothing to show because the clients that it would show are hidden; with the way back. */
import { IconEyeOff } from "@tabler/icons-react";
import { t } from "../i18n";
import { useHiddenInstances } from "../live/hooks";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Parts";

export function AllHidden() {
  const [, setHidden] = useHiddenInstances();
  return (
    <Empty icon={<IconEyeOff size={40} aria-hidden />} title={t("instance.allHidden")}>
      <p>{t("instance.allHiddenText")}</p>
      <Button onClick={() => setHidden([])}>{t("instance.showAll")}</Button>
    </Empty>
  );
}
