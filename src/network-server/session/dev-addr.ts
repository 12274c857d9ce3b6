import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { formatHex, parseHex } from "../../lorawan/hex.ts";
import type { DevAddr, NetId } from "../../lorawan/identifiers.ts";
import type { NetworkServerStore } from "../store.ts";

const ATTEMPTS = 100;

/**
 * A random device address of a network with a NetID of type 0 that no session here has.
 *
 * | 0 | NwkID 6 | NwkAddr 25 |  bits, most significant first; NwkID is the last six bits of the NetID
 *
 * @throws WarrenError `value-out-of-range` when nearly all addresses are taken
 */
export function drawDevAddr(
  netId: NetId,
  randomBytes: RandomBytes,
  store: Pick<NetworkServerStore, "findDevicesByDevAddr">,
): DevAddr {
  const nwkId = (parseHex(netId, 3)[2] as number) & 0x3f;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const bytes = Uint8Array.from(randomBytes(4));
    bytes[0] = (nwkId << 1) | ((bytes[0] as number) & 1);
    const devAddr = formatHex(bytes) as DevAddr;
    if (store.findDevicesByDevAddr(devAddr).length === 0) return devAddr;
  }
  throw new WarrenError("value-out-of-range", "no free device address was found");
}
