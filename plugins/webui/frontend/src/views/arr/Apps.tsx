/** The apps that have called since the start, and their last requests. */
import { IconRobot } from "@tabler/icons-react";
import { ago, exactTime } from "../../format/time";
import { t } from "../../i18n";
import { Empty, Facts } from "../../ui/Parts";
import { ScrollX } from "../../ui/ScrollX";
import type { App } from ".";

export function Apps({ apps }: { apps: App[] }) {
  if (apps.length === 0) {
    return (
      <Empty icon={<IconRobot size={40} aria-hidden />} title={t("arr.noApps")}>
        <p>{t("arr.noAppsHelp")}</p>
      </Empty>
    );
  }
  return apps.map((app) => (
    <section key={`${app.agent} ${app.address}`} className="card stack">
      <h2 className="truncate" title={app.agent}>
        {app.agent || t("arr.nameless")}
      </h2>
      <Facts
        facts={[
          [t("arr.address"), <span key="address" className="mono">{app.address}</span>],
          [t("arr.asksFor"), app.categories.join(", ") || t("arr.everything")],
          [t("arr.lastSeen"), app.lastSeen && <span title={exactTime(app.lastSeen)}>{ago(app.lastSeen)}</span>],
        ]}
      />
      <details>
        <summary>
          {t("arr.requests")} ({app.requests.length})
        </summary>
        <ScrollX label={t("arr.requests")}>
          <table className="plain-table small">
            <thead>
              <tr>
                <th>{t("arr.when")}</th>
                <th>{t("arr.request")}</th>
                <th>{t("column.status")}</th>
                <th>{t("arr.answer")}</th>
              </tr>
            </thead>
            <tbody>
              {app.requests.map((each, at) => (
                <tr key={at}>
                  <td className="number arr-when" title={exactTime(each.at)}>
                    {ago(each.at)}
                  </td>
                  <td className="mono arr-long">{each.request}</td>
                  <td className={`number ${each.status >= 400 ? "tone-red" : ""}`}>{each.status}</td>
                  <td className="mono arr-long">{each.answer}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      </details>
    </section>
  ));
}
