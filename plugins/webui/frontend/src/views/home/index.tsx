/** Home: how things are, at a glance; an empty daemon says what to begin with. */
import { useLive } from "../../live/store";
import { Skeleton } from "../../ui/Parts";
import { Active } from "./Active";
import { Begin } from "./Begin";
import { Clients } from "./Clients";
import { Disks } from "./Disks";
import "./home.css";
import { LastDay } from "./LastDay";
import { Quick } from "./Quick";

export default function Home() {
  const loaded = useLive((live) => live.loaded);
  const empty = useLive((live) => Object.keys(live.instances).length === 0);
  if (!loaded) {
    return (
      <div className="page">
        <Skeleton lines={8} />
      </div>
    );
  }
  if (empty) return <Begin />;
  return (
    <div className="page home">
      <Quick />
      <LastDay />
      <div className="home-columns">
        <Active kind="downloads" />
        <Active kind="uploads" />
      </div>
      <div className="home-columns">
        <Clients />
        <Disks />
      </div>
    </div>
  );
}
