import type { RandomBytes } from "../../crypto/random.ts";
import { WarrenError } from "../../errors.ts";
import { formatHex, parseHex } from "../../lorawan/hex.ts";
import type { DevAddr, NetId } from "../../lorawan/identifiers.ts";
import type { NetworkServerStore } from "../store.ts";

const ATTEMPTS = 100;
const DEV_ADDR_BITS = 32;
const NET_ID_BITS = 24;
/** The type of a NetID is in its first bits. */
const TYPE_BITS = 3;
/** Bits of the NwkID in a DevAddr, by the type of the NetID. */
const NWK_ID_BITS = [6, 6, 9, 11, 12, 13, 15, 17] as const;

/**
 * A random device address of a network that no session here has.
 *
 * | AddrPrefix | NwkID   | NwkAddr  |
 * |  type + 1  | 6 to 17 | the rest |  bits, most significant first
 *
 * AddrPrefix is as many ones as the type of the NetID says, and a zero; NwkID is the last bits of the NetID. The sizes are
 * those that brocaar/lorawan has, whose values the test compares with (LoRaWAN 1.1 §6.1.1 leaves them to TS002).
 *
 * @throws WarrenError `value-out-of-range` when nearly all addresses are taken
 */
export function drawDevAddr(
  netId: NetId,
  randomBytes: RandomBytes,
  store: Pick<NetworkServerStore, "findDevicesByDevAddr">,
): DevAddr {
  const { prefix, nwkAddrBits } = addressesOf(netId);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const bytes = Buffer.from(randomBytes(4));
    bytes.writeUInt32BE(prefix + (bytes.readUInt32BE() % 2 ** nwkAddrBits));
    const devAddr = formatHex(bytes) as DevAddr;
    if (store.findDevicesByDevAddr(devAddr).length === 0) return devAddr;
  }
  throw new WarrenError("value-out-of-range", "no free device address was found");
}

/** The first address of a network, and how many of its bits are free. */
function addressesOf(netId: NetId): { readonly prefix: number; readonly nwkAddrBits: number } {
  const value = Buffer.from(parseHex(netId, 3)).readUIntBE(0, 3);
  const type = value >>> (NET_ID_BITS - TYPE_BITS);
  const nwkIdBits = NWK_ID_BITS[type] as number;
  const addrPrefix = 2 ** (type + 1) - 2;
  const nwkAddrBits = DEV_ADDR_BITS - (type + 1) - nwkIdBits;
  const nwkId = value % 2 ** nwkIdBits;
  return { prefix: (addrPrefix * 2 ** nwkIdBits + nwkId) * 2 ** nwkAddrBits, nwkAddrBits };
}
