import { parseEui64 } from "../../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../../http-app.ts";
import type { AdminServices } from "../admin-services.ts";
import { readRootKeys } from "../read/device-body.ts";
import { readRecipient } from "../read/key-recipient.ts";
import { callerOf } from "../route-access.ts";
import { DevEuiParams } from "../schemas/common.ts";
import { DeviceView } from "../schemas/device-answers.ts";
import { NonceResetBody, RootKeysBody } from "../schemas/device-schemas.ts";
import { KeyExportBody, KeyExportView } from "../schemas/key-export-schemas.ts";
import { describeDevice, describeGivenDevice } from "../views/describe-device.ts";
import { changeOf, withEtag } from "./device-routes.ts";

const TAGS = ["keys and nonces"];

export function addDeviceKeyRoutes(scope: HttpApp, { administration }: AdminServices): void {
  scope.put(
    "/devices/:devEui/root-keys",
    {
      config: { right: "device:write", takesIfMatch: true },
      schema: {
        tags: TAGS,
        summary: "Give a device that was flashed anew its new root keys",
        description:
          "Its sessions end and it is at generation 0 again; JoinNonce and UpdateID go on. Refused (409) " +
          "while a root key update is under way. Never give it keys that it had before: Join-requests of " +
          "that time could be replayed.",
        params: DevEuiParams,
        body: RootKeysBody,
        response: { 200: DeviceView },
      },
    },
    async (request, reply) => {
      const { resetsDevNonces = false } = request.body;
      const device = await administration.putRootKeys(
        parseEui64(request.params.devEui),
        readRootKeys(request.body),
        { ...changeOf(request), resetsDevNonces },
      );
      const doubts = await administration.doubtsAbout(device);
      return withEtag(reply, device).send(describeGivenDevice(device, doubts));
    },
  );
  scope.post(
    "/devices/:devEui/nonce-reset",
    {
      config: { right: "device:write" },
      schema: {
        tags: TAGS,
        summary: "Forget DevNonces and RJcount1 of a device that counts from 0 again",
        description:
          "JoinNonce goes on. Refused (409 nonce-reset-refused) unless the device got another NwkKey " +
          "since its last join, because recorded Join-requests could be replayed; `force` overrides.",
        params: DevEuiParams,
        body: NonceResetBody,
        response: { 200: DeviceView },
      },
    },
    async (request, reply) => {
      const { reason, force = false } = request.body;
      const { actor } = callerOf(request);
      const devEui = parseEui64(request.params.devEui);
      const device = await administration.resetNonces(devEui, { actor, reason, force });
      return withEtag(reply, device).send(describeDevice(device));
    },
  );
  scope.post(
    "/devices/:devEui/key-export",
    {
      config: { right: "key:export" },
      schema: {
        tags: TAGS,
        summary: "Root keys of a device, readable only by who has the KEK or the private key",
        description:
          "With `kek`: RFC 3394 envelopes. With `publicKey`: a compact JWE. The audit log has the export " +
          "before the answer leaves. Session keys are never exported.",
        params: DevEuiParams,
        body: KeyExportBody,
        response: { 200: KeyExportView },
      },
    },
    async (request) => {
      const { actor } = callerOf(request);
      const { recipient, seal } = await readRecipient(request.body);
      const devEui = parseEui64(request.params.devEui);
      return administration.keyExport.exportOne(devEui, recipient, { actor, seal });
    },
  );
}
