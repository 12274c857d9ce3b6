import { pino } from "pino";
import { sealKeyEnvelope } from "../../../../src/backend/key-envelope.ts";
import { formatHex } from "../../../../src/lorawan/hex.ts";
import { createApplicationServerApp } from "../../../../src/server/application-server/application-server-app.ts";
import {
  APP_S_KEY_HEX,
  applicationServer,
  DEV_ADDR,
  DEV_EUI,
  KEK,
  key,
  uplink,
} from "../../../application-server/support/fixtures.ts";

export const TOKEN = "0123456789abcdef0123456789abcdef";
/** What a Join Server shows. */
export const ROOT_KEY_TOKEN = "fedcba9876543210fedcba9876543210";
/** What a Network Server shows, where it is asked to. */
export const NETWORK_SERVER_TOKEN = "00112233445566778899aabbccddeeff";
export const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };

/** The app over the scripted role; all log output is collected in `logged`. */
export function testApp(
  settings: Parameters<typeof applicationServer>[0] = {},
  networkServerToken?: string,
) {
  const logged: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => logged.push(line) });
  const role = applicationServer({ ...settings, logger });
  const app = createApplicationServerApp(
    {
      ...role,
      adminToken: TOKEN,
      rootKeyToken: ROOT_KEY_TOKEN,
      networkServerToken,
      heartbeatMs: 20,
    },
    logger,
  );
  return { ...role, app, logged };
}

export function envelopeJson(hex: string = APP_S_KEY_HEX) {
  const { kekLabel, aesKey } = sealKeyEnvelope(key(hex), KEK);
  return { KEKLabel: kekLabel, AESKey: formatHex(aesKey) };
}

/** The body of an uplink as the Network Server posts it; decrypts with FCntUp 0 and 1. */
export function uplinkBody(change: Record<string, unknown> = {}): Record<string, unknown> {
  const fCntUp = change["FCntUp"] === 1 ? 1 : 0;
  return {
    DevEUI: DEV_EUI,
    DevAddr: DEV_ADDR,
    MACVersion: "1.1.0",
    SessionKeyID: "session-1",
    AppSKey: envelopeJson(),
    FPort: 1,
    FCntUp: fCntUp,
    Confirmed: false,
    FRMPayload: formatHex(uplink({ fCntUp }).frmPayload),
    ReceivedAt: "2026-01-01T00:00:00.000Z",
    DataRate: "SF7BW125",
    Frequency: 868_100_000,
    Gateways: [{ GatewayEUI: "aabbccddeeff0011", RSSI: -60, SNR: 9.5 }],
    ...change,
  };
}
