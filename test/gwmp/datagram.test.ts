import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { decodeDatagram, encodeDatagram, type GwmpDatagram } from "../../src/gwmp/datagram.ts";
import { parseHex } from "../../src/lorawan/hex.ts";
import {
  datagram,
  fskTxpkExample,
  gatewayEui,
  loraTxpkExample,
  rxpkExample,
  statExample,
  txpkDataHex,
} from "./examples.ts";

const pushData = "02123400aa555a0000000101";
const txAck = "02123405aa555a0000000101";

suite("datagrams written out from PROTOCOL.TXT", () => {
  test("PUSH_DATA with frames, sections 3.2 and 4", () => {
    const decoded = decodeDatagram(datagram(pushData, rxpkExample));
    assert.deepEqual(decoded, {
      type: "PUSH_DATA",
      version: 2,
      token: 0x1234,
      gatewayEui,
      rxpk: [
        {
          tmst: 3512348611,
          time: "2013-03-31T16:21:17.528002Z",
          frequencyHz: 866_349_812,
          chan: 2,
          rfch: 0,
          crcStatus: 1,
          rssi: -35,
          lsnr: 5.1,
          modu: "LORA",
          datr: "SF7BW125",
          codr: "4/6",
          phyPayload: parseHex("f834b808668309d1bee3c78934cdd56a2fb30e9b11ef53e7f423c0f6e08e37ce"),
        },
        {
          tmst: 3512348514,
          time: "2013-03-31T16:21:17.530974Z",
          frequencyHz: 869_100_000,
          chan: 9,
          rfch: 1,
          crcStatus: 1,
          rssi: -75,
          modu: "FSK",
          datr: 50_000,
          phyPayload: new Uint8Array(Buffer.from("TEST_PACKET_1234")),
        },
        {
          tmst: 3316387610,
          time: "2013-03-31T16:21:17.532038Z",
          frequencyHz: 863_009_810,
          chan: 0,
          rfch: 0,
          crcStatus: 1,
          rssi: -38,
          lsnr: 5.5,
          modu: "LORA",
          datr: "SF10BW125",
          codr: "4/7",
          phyPayload: parseHex("cac811978e76c4d2dea7d4b5353220da5a26283c54827dc327b0c4f9bd3402cb"),
        },
      ],
      problems: [],
    });
  });

  test("PUSH_DATA with a status only, section 4", () => {
    assert.deepEqual(decodeDatagram(datagram(pushData, statExample)), {
      type: "PUSH_DATA",
      version: 2,
      token: 0x1234,
      gatewayEui,
      rxpk: [],
      stat: {
        time: "2014-01-12 08:59:28 GMT",
        lati: 46.24,
        long: 3.2523,
        alti: 145,
        rxnb: 2,
        rxok: 2,
        rxfw: 2,
        ackr: 100,
        dwnb: 2,
        txnb: 2,
        temp: 23.2,
      },
      problems: [],
    });
  });

  test("PULL_RESP with LoRa, sections 5.4 and 6", () => {
    assert.deepEqual(decodeDatagram(datagram("02000103", loraTxpkExample)), {
      type: "PULL_RESP",
      version: 2,
      token: 1,
      txpk: {
        timing: "immediately",
        frequencyHz: 864_123_456,
        rfch: 0,
        powe: 14,
        ncrc: false,
        modu: "LORA",
        datr: "SF11BW125",
        codr: "4/6",
        ipol: false,
        phyPayload: parseHex(txpkDataHex),
      },
    });
  });

  test("PULL_RESP with FSK, section 6", () => {
    assert.deepEqual(decodeDatagram(datagram("02000103", fskTxpkExample)), {
      type: "PULL_RESP",
      version: 2,
      token: 1,
      txpk: {
        timing: "immediately",
        frequencyHz: 861_300_000,
        rfch: 0,
        powe: 12,
        ncrc: false,
        modu: "FSK",
        datr: 50_000,
        fdev: 3000,
        phyPayload: parseHex(txpkDataHex),
      },
    });
  });
});

const header = { version: 2, token: 0x1234 } as const;

// Both ways, byte for byte.
const written: readonly (readonly [what: string, bytes: Uint8Array, value: GwmpDatagram])[] = [
  ["PUSH_ACK, section 3.3", datagram("02123401"), { type: "PUSH_ACK", ...header }],
  [
    "PULL_DATA, section 5.2",
    datagram("02123402aa555a0000000101"),
    { type: "PULL_DATA", ...header, gatewayEui },
  ],
  ["PULL_ACK, section 5.3", datagram("02123404"), { type: "PULL_ACK", ...header }],
  [
    "TX_ACK without a body: accepted, section 5.5",
    datagram(txAck),
    { type: "TX_ACK", ...header, gatewayEui, result: {} },
  ],
  [
    "TX_ACK with the error of section 6",
    datagram(txAck, '{"txpk_ack":{"error":"COLLISION_PACKET"}}'),
    { type: "TX_ACK", ...header, gatewayEui, result: { error: "COLLISION_PACKET" } },
  ],
  [
    "TX_ACK with the warning of sx1302_hal's PROTOCOL.md section 6",
    datagram(txAck, '{"txpk_ack":{"warn":"TX_POWER","value":20}}'),
    { type: "TX_ACK", ...header, gatewayEui, result: { warn: "TX_POWER", value: 20 } },
  ],
  [
    "PULL_RESP for a class A downlink, as a server of ours sends it",
    datagram(
      "02123403",
      '{"txpk":{"imme":false,"tmst":5000000,"freq":868.1,"rfch":0,"powe":14,"ncrc":true,' +
        '"modu":"LORA","datr":"SF7BW125","codr":"4/5","ipol":true,"size":3,"data":"AQID"}}',
    ),
    {
      type: "PULL_RESP",
      ...header,
      txpk: {
        timing: { tmst: 5_000_000 },
        frequencyHz: 868_100_000,
        rfch: 0,
        powe: 14,
        ncrc: true,
        modu: "LORA",
        datr: "SF7BW125",
        codr: "4/5",
        ipol: true,
        phyPayload: parseHex("010203"),
      },
    },
  ],
  [
    "PULL_RESP at a GPS time",
    datagram(
      "02123403",
      '{"txpk":{"imme":false,"tmms":1139322288000,"freq":868.5,"rfch":1,"ncrc":false,' +
        '"modu":"FSK","datr":50000,"fdev":25000,"size":1,"data":"/w=="}}',
    ),
    {
      type: "PULL_RESP",
      ...header,
      txpk: {
        timing: { tmms: 1_139_322_288_000 },
        frequencyHz: 868_500_000,
        rfch: 1,
        ncrc: false,
        modu: "FSK",
        datr: 50_000,
        fdev: 25_000,
        phyPayload: parseHex("ff"),
      },
    },
  ],
  [
    "a datagram of version 1, protocol text of packet_forwarder 1.4.0",
    datagram("01123402aa555a0000000101"),
    { type: "PULL_DATA", version: 1, token: 0x1234, gatewayEui },
  ],
];

suite("datagrams both ways", () => {
  for (const [what, bytes, value] of written) {
    test(what, () => {
      assert.deepEqual(decodeDatagram(bytes), value);
      assert.equal(Buffer.from(encodeDatagram(value)).toString(), Buffer.from(bytes).toString());
    });
  }

  test("PUSH_DATA with a frame and a status", () => {
    const bytes = datagram(
      pushData,
      '{"rxpk":[{"tmst":4294967295,"rssi":-120,"modu":"LORA","datr":"SF12BW125","freq":868.3,' +
        '"stat":0,"size":2,"data":"AAE="}],"stat":{"rxnb":1}}',
    );
    const value: GwmpDatagram = {
      type: "PUSH_DATA",
      ...header,
      gatewayEui,
      rxpk: [
        {
          tmst: 4_294_967_295,
          rssi: -120,
          modu: "LORA",
          datr: "SF12BW125",
          frequencyHz: 868_300_000,
          crcStatus: 0,
          phyPayload: parseHex("0001"),
        },
      ],
      stat: { rxnb: 1 },
    };
    assert.deepEqual(decodeDatagram(bytes), { ...value, problems: [] });
    assert.equal(Buffer.from(encodeDatagram(value)).toString(), Buffer.from(bytes).toString());
  });

  test("PUSH_DATA with nothing", () => {
    const bytes = datagram(pushData, "{}");
    const value: GwmpDatagram = { type: "PUSH_DATA", ...header, gatewayEui, rxpk: [] };
    assert.deepEqual(decodeDatagram(bytes), { ...value, problems: [] });
    assert.deepEqual(encodeDatagram(value), bytes);
  });
});

suite("what a gateway says of a PULL_RESP", () => {
  const bodies: readonly (readonly [string, object])[] = [
    ['{"txpk_ack":{"error":"NONE"}}', {}],
    ['{"txpk_ack":{}}', {}],
    ['{"txpk_ack":{"error":null}}', {}],
    ['{"txpk_ack":{"error":"TOO_LATE","more":[1]}}', { error: "TOO_LATE" }],
    ['{"txpk_ack":{"warn":"TX_POWER","value":"14"}}', { warn: "TX_POWER", value: "14" }],
  ];
  for (const [json, result] of bodies) {
    test(json, () => {
      const decoded = decodeDatagram(datagram(txAck, json));
      assert.deepEqual(decoded, { type: "TX_ACK", ...header, gatewayEui, result });
    });
  }
});
