/** Sonarr, Radarr and the like: what to enter there, what they asked here, and why something is not imported. */
import { IconRobotOff } from "@tabler/icons-react";
import { call, type Reply } from "../../api/client";
import { ApiError } from "../../api/error";
import { useAsked } from "../../api/useAsked";
import { count } from "../../format/units";
import { t } from "../../i18n";
import { useQuery } from "../../router/router";
import { Loaded } from "../../ui/Loaded";
import { Empty } from "../../ui/Parts";
import { Segments } from "../../ui/Segments";
import { Apps } from "./Apps";
import "./arr.css";
import { Items } from "./Items";
import { SetUp } from "./SetUp";

export type ArrCheck = Reply<"/api/v1/arr/check", "get">;
export type Checked = ArrCheck["data"][number];
export type App = ArrCheck["apps"][number];

const EVERY_MS = 15_000;
const TABS = ["setup", "check", "apps"] as const;
type Tab = (typeof TABS)[number];

/** null: no plugin answers as qBittorrent does. */
async function ask(signal: AbortSignal): Promise<{ check: ArrCheck | null }> {
  try {
    return { check: await call("get", "/api/v1/arr/check", { signal }) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return { check: null };
    throw error;
  }
}

export default function Arr() {
  const asked = useAsked("arr", ask, EVERY_MS);
  return (
    <div className="page arr">
      <Loaded asked={asked} lines={10}>
        {({ check }) =>
          check ? (
            <Shown check={check} again={asked.again} />
          ) : (
            <Empty icon={<IconRobotOff size={40} aria-hidden />} title={t("arr.off")}>
              <p>{t("arr.offHelp")}</p>
            </Empty>
          )
        }
      </Loaded>
    </div>
  );
}

function Shown({ check, again }: { check: ArrCheck; again: () => void }) {
  const [asked, setTab] = useQuery("part", "step");
  const standard: Tab = check.apps.length === 0 ? "setup" : "check";
  const tab = TABS.find((each) => each === asked) ?? standard;
  const stuck = check.data.filter(isStuck).length;
  return (
    <>
      <Segments
        label={t("nav.arr")}
        value={tab}
        options={[
          ["setup", t("arr.setup")],
          ["check", stuck > 0 ? `${t("arr.check")} (${count(stuck)})` : t("arr.check")],
          ["apps", `${t("arr.apps")} (${count(check.apps.length)})`],
        ]}
        onChange={(next: Tab) => setTab(next)}
      />
      {tab === "setup" && <SetUp check={check} />}
      {tab === "check" && <Items check={check} again={again} />}
      {tab === "apps" && <Apps apps={check.apps} />}
    </>
  );
}

/** Whether somebody has to do something: what loads, waits its turn or is ready does not count. */
export function isStuck(item: Checked): boolean {
  return !["ok", "incomplete", "handing_over"].includes(item.reason);
}
