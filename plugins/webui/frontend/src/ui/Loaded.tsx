/** What is asked for, or why it is not there yet: a skeleton, or the error with a way to try again. */
import { IconCloudOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Asked } from "../api/useAsked";
import { t } from "../i18n";
import { Button } from "./Button";
import { Empty, Skeleton } from "./Parts";

interface LoadedProps<T> {
  asked: Asked<T>;
  lines?: number;
  children: (value: T) => ReactNode;
}

export function Loaded<T>({ asked, lines = 6, children }: LoadedProps<T>) {
  if (asked.data !== null) return children(asked.data);
  return asked.error ? <Failed error={asked.error} again={asked.again} /> : <Skeleton lines={lines} />;
}

export function Failed({ error, again }: { error: Error; again: () => void }) {
  return (
    <Empty icon={<IconCloudOff size={40} aria-hidden />} title={t("error.title")}>
      <p>{error.message}</p>
      <Button onClick={again}>{t("action.retry")}</Button>
    </Empty>
  );
}
