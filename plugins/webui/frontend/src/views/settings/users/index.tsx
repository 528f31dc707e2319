/** The accounts: who there is, what they may do, and when they came last. */
import { IconPlus, IconUsers } from "@tabler/icons-react";
import { call, type Reply } from "../../../api/client";
import { getMe } from "../../../api/me";
import { useAsked } from "../../../api/useAsked";
import { ago, exactTime } from "../../../format/time";
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Loaded } from "../../../ui/Loaded";
import { Empty } from "../../../ui/Parts";
import { FULL, presetOf } from "./rights";
import { openUser } from "./UserDialog";

export type User = Reply<"/api/users", "get">["users"][number];

const ask = (signal: AbortSignal) => call("get", "/api/users", { signal });

export default function Users() {
  const asked = useAsked("users", ask);
  const { authEnabled } = getMe();
  return (
    <>
      <div className="settings-head">
        <h2>{t("settings.users")}</h2>
        <Button look="primary" onClick={() => openUser(null, asked.again)}>
          <IconPlus size={18} aria-hidden />
          {t("users.add")}
        </Button>
      </div>
      {!authEnabled && <p className="notice">{t("users.authOff")}</p>}
      <Loaded asked={asked}>
        {({ users }) =>
          users.length === 0 ? (
            <Empty icon={<IconUsers size={40} aria-hidden />} title={t("users.none")}>
              <p>{t("users.noneHelp")}</p>
            </Empty>
          ) : (
            <ul className="card">
              {users.map((user) => (
                <UserLine key={user.id} user={user} onChanged={asked.again} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

function UserLine({ user, onChanged }: { user: User; onChanged: () => void }) {
  return (
    <li className="user-line">
      <span className="row wrap">
        <strong className="truncate">{user.username}</strong>
        {user.isAdmin && <span className="badge">{t("users.admin")}</span>}
        {user.disabled && <span className="badge tone-red">{t("users.disabled")}</span>}
        {!user.hasPassword && <span className="badge">{t("users.noPassword")}</span>}
        {user.username === getMe().username && <span className="badge">{t("users.you")}</span>}
      </span>
      <Button onClick={() => openUser(user, onChanged)} aria-label={t("users.editNamed", { name: user.username })}>
        {t("action.edit")}
      </Button>
      <span className="quiet small" title={exactTime(user.lastLoginAt)}>
        {rightsOf(user)} · {user.lastLoginAt ? t("users.lastSeen", { when: ago(user.lastLoginAt) }) : t("users.neverSeen")}
      </span>
    </li>
  );
}

function rightsOf(user: User): string {
  if (user.isAdmin) return t("users.everything");
  const preset = presetOf(user.capabilities);
  if (preset !== "custom") return t(`users.${preset}`);
  return t("users.some", { count: user.capabilities.length, all: FULL.length });
}
