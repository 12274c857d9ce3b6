import fc from "fast-check";
import { importAes128Key } from "../../src/crypto/aes128.ts";
import type {
  DataFrameFields,
  DownlinkDataFields,
  UplinkDataFields,
} from "../../src/lorawan/data/data-frame.ts";
import { formatHex } from "../../src/lorawan/hex.ts";
import type { DevAddr, Eui64, NetId } from "../../src/lorawan/identifiers.ts";
import type { JoinAccept } from "../../src/lorawan/join/join-accept.ts";

export function bytes(lengthBytes: number, maxLengthBytes = lengthBytes) {
  return fc.uint8Array({ minLength: lengthBytes, maxLength: maxLengthBytes });
}

/** With an ordinary prototype, so that decoded values can be deeply equal. */
export function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

export const key = bytes(16).map(importAes128Key);
export const eui64 = bytes(8).map((value) => formatHex(value) as Eui64);
export const netId = bytes(3).map((value) => formatHex(value) as NetId);
export const devAddr = bytes(4).map((value) => formatHex(value) as DevAddr);
export const uint8 = fc.integer({ min: 0, max: 0xff });
export const uint16 = fc.integer({ min: 0, max: 0xffff });
export const uint24 = fc.integer({ min: 0, max: 0xffffff });
export const uint32 = fc.integer({ min: 0, max: 0xffffffff });

export const joinRequest = record({ joinEui: eui64, devEui: eui64, devNonce: uint16 });

export const dlSettings = record({
  optNeg: fc.boolean(),
  rx1DrOffset: fc.integer({ min: 0, max: 7 }),
  rx2DataRate: fc.integer({ min: 0, max: 15 }),
});

export const joinAccept: fc.Arbitrary<JoinAccept> = fc.record(
  {
    joinNonce: uint24,
    netId,
    devAddr,
    dlSettings,
    rxDelay: fc.integer({ min: 0, max: 15 }),
    cfList: bytes(16),
  },
  {
    requiredKeys: ["joinNonce", "netId", "devAddr", "dlSettings", "rxDelay"],
    noNullPrototype: true,
  },
);

export const rejoinRequest02 = record({
  rejoinType: fc.constantFrom(0 as const, 2 as const),
  netId,
  devEui: eui64,
  rjCount0: uint16,
});
export const rejoinRequest1 = record({
  rejoinType: fc.constant(1 as const),
  joinEui: eui64,
  devEui: eui64,
  rjCount1: uint16,
});
export const rejoinRequest = fc.oneof(rejoinRequest02, rejoinRequest1);

/** MAC commands and payload in every combination that the specification allows. */
const content = fc.oneof(
  record({ fOpts: bytes(0, 15), frmPayload: bytes(0) }),
  record({ fOpts: bytes(0), fPort: fc.constant(0), frmPayload: bytes(0, 242) }),
  record({
    fOpts: bytes(0, 15),
    fPort: fc.integer({ min: 1, max: 255 }),
    frmPayload: bytes(0, 227),
  }),
);
const header = { isConfirmed: fc.boolean(), devAddr, fCnt: uint16 };

export const uplinkDataFields: fc.Arbitrary<UplinkDataFields> = fc
  .tuple(
    record({
      ...header,
      isUplink: fc.constant(true as const),
      fCtrl: record({
        adr: fc.boolean(),
        adrAckReq: fc.boolean(),
        ack: fc.boolean(),
        classB: fc.boolean(),
      }),
    }),
    content,
  )
  .map(([fields, payload]) => ({ ...fields, ...payload }));

export const downlinkDataFields: fc.Arbitrary<DownlinkDataFields> = fc
  .tuple(
    record({
      ...header,
      isUplink: fc.constant(false as const),
      fCtrl: record({ adr: fc.boolean(), ack: fc.boolean(), fPending: fc.boolean() }),
    }),
    content,
  )
  .map(([fields, payload]) => ({ ...fields, ...payload }));

export const dataFields: fc.Arbitrary<DataFrameFields> = fc.oneof(
  uplinkDataFields,
  downlinkDataFields,
);
