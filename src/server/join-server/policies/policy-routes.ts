import { Type } from "typebox";
import {
  effectivePolicy,
  type UpdatePolicySettings,
} from "../../../join-server/policies/update-policy-settings.ts";
import type { HttpApp } from "../../http-app.ts";
import type { AdminServices } from "../admin/admin-services.ts";
import { callerOf } from "../admin/route-access.ts";
import { pageOf } from "../admin/routes/paging.ts";
import { UpdatePolicyBody } from "../admin/schemas/update-policy-schema.ts";
import {
  describeCost,
  describePolicy,
  describeProfile,
  describeProfileWithCost,
} from "./describe-policy.ts";
import { addDevicePolicyRoutes } from "./device-policy-routes.ts";
import {
  CostBody,
  DeviceProfileBody,
  DeviceProfilePageView,
  DeviceProfileView,
  PolicyCostView,
  PolicyView,
  ProfileListQuery,
  ProfileParams,
} from "./policy-schemas.ts";

const TAGS = ["update policies"];

/** When devices get new root keys by themselves. */
export function addPolicyRoutes(scope: HttpApp, services: AdminServices): void {
  addUpdatePolicyRoutes(scope, services);
  addDeviceProfileRoutes(scope, services);
  addDevicePolicyRoutes(scope, services);
}

function addUpdatePolicyRoutes(scope: HttpApp, { administration }: AdminServices): void {
  const { policies } = administration;
  scope.get(
    "/update-policy",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "The update policy of all devices, with its cost",
        response: { 200: PolicyView },
      },
    },
    async () => describePolicy(await policies.levels()),
  );
  scope.put(
    "/update-policy",
    {
      config: { right: "policy:write" },
      schema: {
        tags: TAGS,
        summary: "Set the update policy of all devices",
        description:
          "What is left out gets its default. Device profiles and devices may say otherwise.",
        body: UpdatePolicyBody,
        response: { 200: PolicyView },
      },
    },
    async (request) => {
      await policies.putUpdatePolicy(request.body as UpdatePolicySettings, callerOf(request).actor);
      return describePolicy(await policies.levels());
    },
  );
  scope.post(
    "/update-policy/cost",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "What a policy would cost a device; nothing is stored",
        body: CostBody,
        response: { 200: PolicyCostView },
      },
    },
    async (request) => {
      const { policy, level, ...circumstances } = request.body;
      const { allDevices } = await policies.levels();
      const given = policy as UpdatePolicySettings;
      const effective =
        level === "device-profile" ? effectivePolicy(given, allDevices) : effectivePolicy(given);
      return describeCost(effective, circumstances);
    },
  );
}

function addDeviceProfileRoutes(scope: HttpApp, { administration }: AdminServices): void {
  const { policies } = administration;
  scope.get(
    "/device-profiles",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "Device profiles in the order of their names",
        querystring: ProfileListQuery,
        response: { 200: DeviceProfilePageView },
      },
    },
    async (request) => {
      const profiles = await policies.listDeviceProfiles();
      const { items, next } = pageOf(profiles, ({ name }) => name, request.query);
      return { deviceProfiles: items.map(describeProfile), next };
    },
  );
  scope.get(
    "/device-profiles/:name",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "One device profile, with what its updates cost",
        params: ProfileParams,
        response: { 200: DeviceProfileView },
      },
    },
    async (request) => {
      const profile = await policies.getDeviceProfile(request.params.name);
      return describeProfileWithCost(profile, await policies.levels());
    },
  );
  scope.put(
    "/device-profiles/:name",
    {
      config: { right: "policy:write" },
      schema: {
        tags: TAGS,
        summary: "Add or replace a device profile",
        description:
          "What its policy leaves out is as the policy of all devices has it. The same again changes nothing.",
        params: ProfileParams,
        body: DeviceProfileBody,
        response: { 200: DeviceProfileView, 201: DeviceProfileView },
      },
    },
    async (request, reply) => {
      const { description = "", updatePolicy } = request.body;
      const profile = {
        name: request.params.name,
        description,
        updatePolicy: updatePolicy as UpdatePolicySettings,
      };
      const isNew = await policies.putDeviceProfile(profile, callerOf(request).actor);
      const view = describeProfileWithCost(profile, await policies.levels());
      if (isNew) return reply.code(201).send(view);
      return reply.code(200).send(view);
    },
  );
  scope.delete(
    "/device-profiles/:name",
    {
      config: { right: "policy:write" },
      schema: {
        tags: TAGS,
        summary: "Erase a device profile; devices that name it have none then",
        params: ProfileParams,
        response: { 204: Type.Null({ description: "erased" }) },
      },
    },
    async (request, reply) => {
      await policies.deleteDeviceProfile(request.params.name, callerOf(request).actor);
      return reply.code(204).send(null);
    },
  );
}
