/** Have an instance look at its shared folders again. */
import { call } from "../../api/client";
import { t } from "../../i18n";
import { toast, toastError } from "../../ui/toasts";

export function refreshShared(instanceId: string, name: string): void {
  call("post", "/api/v1/amule/refresh-shared", { body: { instanceId } }).then(() => toast(t("shared.refreshed", { name })), toastError);
}
