/** The page while the daemon says nothing that could be shown: what happened, and that it is tried again. */
import { IconCloudOff } from "@tabler/icons-react";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Empty } from "../ui/Parts";

interface StartTroubleProps {
  error: unknown;
  seconds: number;
  onRetry: () => void;
}

export function StartTrouble({ error, seconds, onRetry }: StartTroubleProps) {
  const answered = error instanceof ApiError && error.code !== "unreachable";
  return (
    <main className="start-trouble">
      <Empty icon={<IconCloudOff size={40} aria-hidden />} title={answered ? t("start.failed") : t("error.unreachable")}>
        {answered && <p className="mono small">{error.message}</p>}
        <p>{t("start.again", { count: seconds })}</p>
        <Button look="primary" onClick={onRetry}>
          {t("action.retry")}
        </Button>
      </Empty>
    </main>
  );
}
