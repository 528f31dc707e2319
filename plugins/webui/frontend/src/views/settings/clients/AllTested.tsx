/** Test all clients at once, and list what came of each. */
import { IconChecks } from "@tabler/icons-react";
import { useState } from "react";
import { t } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { tryClients, type Entry, type Tested } from "../config";
import { Trial } from "./Trial";

export interface Test {
  name: string;
  tested: Tested;
}

/** The results of all, once somebody asked for them; null: nobody has. */
export function useAllTested(clients: Entry[], nameOf: (entry: Entry) => string) {
  const [tests, setTests] = useState<Test[] | null>(null);
  const [testing, setTesting] = useState(false);
  async function run() {
    setTesting(true);
    const results = await tryClients(clients);
    setTests(clients.flatMap((entry, at) => (results[at] ? [{ name: nameOf(entry), tested: results[at] }] : [])));
    setTesting(false);
  }
  return { tests, testing, run };
}

export function TestAll({ testing, onRun }: { testing: boolean; onRun: () => void }) {
  return (
    <Button onClick={onRun} disabled={testing}>
      <IconChecks size={18} aria-hidden />
      {t(testing ? "clients.testing" : "clients.testAll")}
    </Button>
  );
}

/** What failed comes first. */
export function AllTested({ tests }: { tests: Test[] }) {
  const passed = tests.filter((each) => each.tested.success);
  const ordered = [...tests.filter((each) => !each.tested.success), ...passed];
  return (
    <section className="card" aria-label={t("clients.allTested")}>
      <h3>{t("clients.passed", { passed: passed.length, count: tests.length })}</h3>
      <ul>
        {ordered.map(({ name, tested }, at) => (
          <li key={at} className="tested-line">
            <strong className="truncate">{name}</strong>
            <Trial tried={tested} />
          </li>
        ))}
      </ul>
    </section>
  );
}
