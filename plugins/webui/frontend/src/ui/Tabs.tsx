/** Tabs; a panel is drawn when it is chosen, and not before. */
import { Tabs as Radix } from "radix-ui";
import { useEffect, useRef, type ReactNode } from "react";

export interface Tab {
  id: string;
  text: string;
  draw: () => ReactNode;
}

interface TabsProps {
  label: string;
  tabs: Tab[];
  value: string;
  onChange: (id: string) => void;
}

export function Tabs({ label, tabs, value, onChange }: TabsProps) {
  const known = tabs.some((each) => each.id === value) ? value : (tabs[0]?.id ?? "");
  const list = useRef<HTMLDivElement>(null);
  // where not all of them fit, the one that is open is in sight
  useEffect(() => {
    list.current?.querySelector("[data-state=active]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [known]);
  return (
    <Radix.Root value={known} onValueChange={onChange} className="tabs">
      <Radix.List ref={list} className="tabs-list" aria-label={label}>
        {tabs.map((each) => (
          <Radix.Trigger key={each.id} value={each.id} className="tab">
            {each.text}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((each) => (
        <Radix.Content key={each.id} value={each.id} className="tab-panel">
          {each.id === known && each.draw()}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
