/** The daemon's own settings, in groups: what docs/settings.md describes, in the words of this UI. */
import { bytes } from "../../../format/units";
import { t, type Key } from "../../../i18n";
import type { FormField } from "../../../ui/SchemaForm";

type Kind = Partial<Pick<FormField, "type" | "secret" | "choices" | "minimum" | "maximum" | "format" | "items">>;

const NUMBER: Kind = { type: "integer" };
const YES_NO: Kind = { type: "boolean" };
const LINES: Kind = { type: "list" };
const PATH: Kind = { format: "path" };
const PATHS: Kind = { type: "list", items: { format: "path" } };

/** Title, and for each setting its dotted path, the key of its texts and its kind. */
export const GROUPS: readonly { title: Key; fields: readonly [path: string, text: string, kind: Kind][] }[] = [
  {
    title: "server.listening",
    fields: [
      ["server.host", "host", {}],
      ["server.port", "port", { ...NUMBER, minimum: 1, maximum: 65535 }],
      ["server.basePath", "basePath", {}],
      ["server.allowedHosts", "allowedHosts", LINES],
    ],
  },
  {
    title: "server.signIn",
    fields: [
      ["server.auth.enabled", "authEnabled", YES_NO],
      ["server.auth.allowInsecure", "allowInsecure", YES_NO],
    ],
  },
  {
    title: "server.proxies",
    fields: [
      ["server.trustedProxies", "trustedProxies", LINES],
      ["server.auth.trustedProxy.enabled", "proxySignIn", YES_NO],
      ["server.auth.trustedProxy.usernameHeader", "usernameHeader", {}],
      ["server.auth.trustedProxy.autoProvision", "autoProvision", YES_NO],
    ],
  },
  {
    title: "server.logsAndFolders",
    fields: [
      ["server.logLevel", "logLevel", { choices: ["error", "warn", "info", "debug"] }],
      ["directories.logs", "logs", PATH],
      ["directories.browse", "browse", PATHS],
    ],
  },
  {
    title: "server.keeping",
    fields: [
      ["history.enabled", "historyEnabled", YES_NO],
      ["history.retentionDays", "retentionDays", { ...NUMBER, minimum: 0, maximum: 1_000_000 }],
      ["disk.warnBelow", "warnBelow", { ...NUMBER, minimum: 0 }],
    ],
  },
  {
    title: "server.updates",
    fields: [
      ["updates.feed", "feed", {}],
      ["updates.check", "check", YES_NO],
    ],
  },
  { title: "server.database", fields: [["database.url", "databaseUrl", { secret: true }]] },
];

/** Describe a setting as a plugin would. */
export function fieldOf(path: string, text: string, kind: Kind, standard: unknown, value: unknown): FormField {
  const size = path === "disk.warnBelow" && typeof value === "number" ? ` ${t("server.now", { value: bytes(value) })}` : "";
  return {
    name: path,
    type: "string",
    default: kind.secret ? null : standard,
    required: false,
    secret: false,
    label: t(`server.${text}` as Key),
    help: t(`server.${text}Help` as Key) + size,
    ...kind,
  };
}
