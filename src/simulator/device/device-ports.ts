import type { RandomBytes } from "../../crypto/random.ts";
import type { Region } from "../../lorawan/region/region.ts";
import type { Air } from "../air/air.ts";
import type { Chance } from "../air/seeded-random.ts";
import type { SimulatorStore } from "../simulator-store.ts";
import type { StepLog } from "../step-log.ts";
import type { Timeline } from "../time/timeline.ts";

/** What an end-device stands in. */
export interface DevicePorts {
  readonly timeline: Timeline;
  readonly air: Air;
  readonly region: Region;
  readonly store: Pick<SimulatorStore, "saveState">;
  readonly steps: StepLog;
  /** For nonces; must not repeat from run to run. */
  readonly randomBytes: RandomBytes;
  /** For back-off, channels and the like. */
  readonly chance: Chance;
}
