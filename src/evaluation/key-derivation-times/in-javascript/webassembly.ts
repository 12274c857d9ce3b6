import { checkedRabbitCore } from "../../../root-key/suites/rabbit-core/checked-core.ts";
import type { RabbitCore } from "../../../root-key/suites/rabbit-core/rabbit-core.ts";
import type { Derive, Implementation } from "../derive.ts";

/** The Rabbit suites as the Join Server derives them; undefined where the core cannot run. */
export function webassembly(): Implementation | undefined {
  const core = checkedRabbitCore();
  return (
    core && {
      "rabbit-split-80": rabbit(core, true),
      "rabbit-80": rabbit(core, false),
      "rabbit-split-112": rabbit(core, true),
      "rabbit-112": rabbit(core, false),
    }
  );
}

function rabbit(core: RabbitCore, isSplit: boolean): Derive {
  return (input) =>
    core.derive(input, isSplit, ({ nwkKey, appKey }) => {
      const keys = new Uint8Array(32);
      keys.set(nwkKey);
      keys.set(appKey, 16);
      return keys;
    });
}
