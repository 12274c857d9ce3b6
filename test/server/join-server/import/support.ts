import type { Static } from "typebox";
import type { TextImportAnswer } from "../../../../src/server/join-server/import/schemas.ts";
import {
  ADMIN_TOKEN,
  AS_ID,
  type JoinServerRig,
  keyHex,
  NET_ID,
} from "../../../support/join-server-rig.ts";
import type { TestDevice } from "../../../support/test-device.ts";

/** One text of a route that takes or gives text; asserts no status. */
export async function send(
  rig: JoinServerRig,
  method: "GET" | "POST",
  path: string,
  payload?: string | object,
): Promise<{ status: number; body: string }> {
  const isText = typeof payload === "string";
  const response = await rig.admin.inject({
    method,
    url: `/api/v1/${path}`,
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      ...(isText && { "content-type": "text/plain" }),
    },
    ...(payload !== undefined && { payload }),
  });
  rig.bodies.push(response.body);
  return { status: response.statusCode, body: response.body };
}

export async function importText(
  rig: JoinServerRig,
  text: string,
  query = "format=warren",
): Promise<Static<typeof TextImportAnswer>> {
  const { status, body } = await send(rig, "POST", `imports?${query}`, text);
  if (status !== 200) throw new Error(`${status} ${body}`);
  return JSON.parse(body) as Static<typeof TextImportAnswer>;
}

/** A line of Warren's own format. */
export function lineOf(device: TestDevice, members: object = {}): string {
  const { nwkKey, appKey } = device.currentKeys;
  return `${JSON.stringify({
    devEui: device.devEui,
    joinEui: device.joinEui,
    macVersion: device.macVersion,
    homeNetId: NET_ID,
    asId: AS_ID,
    nwkKey: keyHex(nwkKey),
    ...(device.macVersion === "1.1.0" && { appKey: keyHex(appKey) }),
    ...members,
  })}\n`;
}
