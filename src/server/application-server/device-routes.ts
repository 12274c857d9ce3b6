import { Type } from "typebox";
import { downlinkView } from "../../application-server/downlinks/downlink.ts";
import {
  type PersonaliseDeviceContext,
  personaliseDevice,
} from "../../application-server/personalise-device.ts";
import type { ApplicationServerStore, Device } from "../../application-server/store.ts";
import { sessionEvent, uplinkView } from "../../application-server/uplinks/uplink-receiver.ts";
import { WarrenError } from "../../errors.ts";
import { type Eui64, parseDevAddr, parseEui64 } from "../../lorawan/identifiers.ts";
import { parseMacVersion } from "../../lorawan/mac-version.ts";
import { DevEuiParams, DevicePageQuery } from "../device-params.ts";
import { formatTime } from "../format-time.ts";
import { hexOf } from "../hex-schemas.ts";
import type { HttpApp } from "../http-app.ts";
import { parseKey } from "../parse-key.ts";

const DeviceBody = Type.Object(
  {
    macVersion: Type.String({ maxLength: 16 }),
    abp: Type.Optional(
      Type.Object({ devAddr: hexOf(4), appSKey: hexOf(16) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);

/** Devices, for the operator: never a key, only fingerprints. */
export function addDeviceRoutes(api: HttpApp, context: PersonaliseDeviceContext): void {
  const { store } = context;

  api.get("/devices", { schema: { querystring: DevicePageQuery } }, (request) => {
    const { after, limit = 1_000 } = request.query;
    const devices = store.devices(after === undefined ? undefined : parseEui64(after), limit);
    return { devices: devices.map((device) => deviceView(store, device)) };
  });

  api.get("/devices/:devEui", { schema: { params: DevEuiParams } }, (request) => {
    const device = requireDevice(store, parseEui64(request.params.devEui));
    return {
      ...deviceView(store, device),
      uplinks: store.uplinks(device.devEui).map(uplinkView),
      downlinks: store.downlinks(device.devEui).map(downlinkView),
    };
  });

  api.put("/devices/:devEui", { schema: { params: DevEuiParams, body: DeviceBody } }, (request) => {
    const devEui = parseEui64(request.params.devEui);
    const { macVersion, abp } = request.body;
    personaliseDevice(context, {
      devEui,
      macVersion: parseMacVersion(macVersion),
      ...(abp !== undefined && {
        abp: {
          devAddr: parseDevAddr(abp.devAddr),
          appSKey: parseKey(abp.appSKey),
        },
      }),
    });
    return deviceView(store, requireDevice(store, devEui));
  });
}

/** @throws WarrenError `device-unknown` */
export function requireDevice(store: ApplicationServerStore, devEui: Eui64): Device {
  const device = store.device(devEui);
  if (device === undefined) {
    throw new WarrenError(
      "device-unknown",
      `no device ${devEui} here: it appears with its first uplink, or with PUT /api/v1/devices/{devEui}`,
    );
  }
  return device;
}

function deviceView(store: ApplicationServerStore, device: Device): Record<string, unknown> {
  const { devEui, macVersion, createdAtMs } = device;
  const session = store.currentSession(devEui);
  const lastUplink = store.uplinks(devEui).find((uplink) => {
    return uplink.sessionKeyId === session?.sessionKeyId;
  });
  return {
    devEui,
    macVersion,
    createdAt: formatTime(createdAtMs),
    session:
      session === undefined
        ? null
        : {
            ...sessionEvent(session).data,
            lastFCntUp: lastUplink?.fCntUp ?? null,
            nextFCntDown: session.nextFCntDown,
          },
  };
}
