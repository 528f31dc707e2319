/** Home: how things are, at a glance; an empty daemon says what to begin with. */
import { AllHidden } from "../../app/AllHidden";
import { useShown } from "../../live/hooks";
import { useLive } from "../../live/store";
import { Skeleton } from "../../ui/Parts";
import { Active } from "./Active";
import { Attention } from "./Attention";
import { Begin } from "./Begin";
import { Clients } from "./Clients";
import "./home.css";
import { LastDay } from "./LastDay";
import { Machine } from "./Machine";
import { Quick } from "./Quick";

export default function Home() {
  const loaded = useLive((live) => live.loaded);
  const { none } = useShown();
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
      <Attention />
      {none ? <AllHidden /> : <Moving />}
      <div className="home-columns">
        <Clients />
        <Machine />
      </div>
    </div>
  );
}

function Moving() {
  return (
    <>
      <LastDay />
      <div className="home-columns">
        <Active kind="downloads" />
        <Active kind="uploads" />
      </div>
    </>
  );
}
