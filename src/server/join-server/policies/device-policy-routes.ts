import type { Device } from "../../../join-server/device.ts";
import { dueReason } from "../../../join-server/policies/due-reason.ts";
import {
  originsOfPolicy,
  type PolicyLevels,
  policyOfDevice,
} from "../../../join-server/policies/policy-levels.ts";
import { hasUnknownProfile } from "../../../join-server/policies/policy-rules.ts";
import { parseEui64 } from "../../../lorawan/identifiers.ts";
import { formatTime } from "../../format-time.ts";
import type { HttpApp } from "../../http-app.ts";
import type { AdminServices } from "../admin/admin-services.ts";
import { callerOf } from "../admin/route-access.ts";
import { DevEuiParams } from "../admin/schemas/common.ts";
import { describeCost, describeEffective } from "./describe-policy.ts";
import { DevicePolicyView, SecurityEventBody, SecurityEventView } from "./policy-schemas.ts";

/** What holds for one device, and events that its policy may name. */
export function addDevicePolicyRoutes(scope: HttpApp, { administration }: AdminServices): void {
  const { policies } = administration;
  scope.get(
    "/devices/:devEui/update-policy",
    {
      config: { right: "device:read" },
      schema: {
        tags: ["update policies"],
        summary: "What holds for a device, from which level, and what it costs",
        params: DevEuiParams,
        response: { 200: DevicePolicyView },
      },
    },
    async (request) => {
      const device = await administration.getDevice(parseEui64(request.params.devEui));
      return describeDevicePolicy(device, await policies.levels(), policies.now());
    },
  );
  scope.post(
    "/devices/:devEui/security-events",
    {
      config: { right: "update:run" },
      schema: {
        tags: ["update policies"],
        summary: "Report tampering with a device",
        description:
          "It goes to the audit log and to whoever listens to events. Where the policy of the device names " +
          "tampering, new root keys are wanted as soon as the minimum period allows them.",
        params: DevEuiParams,
        body: SecurityEventBody,
        response: { 202: SecurityEventView },
      },
    },
    async (request, reply) => {
      const { kind, note } = request.body;
      const device = await policies.reportSecurityEvent(
        parseEui64(request.params.devEui),
        { kind, note },
        callerOf(request).actor,
      );
      return reply.code(202).send({ isUpdateWanted: device.updateWanted !== undefined });
    },
  );
}

function describeDevicePolicy(device: Device, levels: PolicyLevels, now: number) {
  const effective = policyOfDevice(levels, device);
  const { macVersion, carrier, updateCommittedAt, updateNotBefore } = device;
  const afterCommit =
    updateCommittedAt === undefined ? 0 : updateCommittedAt + effective.minimumPeriodMs;
  const notBefore = Math.max(afterCommit, updateNotBefore ?? 0);
  return {
    deviceProfile: device.deviceProfile,
    isProfileKnown: !hasUnknownProfile(device, levels),
    effective: describeEffective(effective),
    origins: originsOfPolicy(levels, device),
    due: dueReason(device, effective, now) ?? null,
    notBefore: notBefore > now ? formatTime(notBefore) : null,
    cost: describeCost(effective, { macVersion, carrier }),
  };
}
