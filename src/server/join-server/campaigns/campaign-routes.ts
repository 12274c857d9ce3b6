import { Type } from "typebox";
import type { Campaign } from "../../../join-server/campaigns/campaign.ts";
import type { CampaignAdministration } from "../../../join-server/campaigns/campaign-administration.ts";
import { parseEui64 } from "../../../lorawan/identifiers.ts";
import type { HttpApp } from "../../http-app.ts";
import { callerOf } from "../admin/route-access.ts";
import { pageOf } from "../admin/routes/paging.ts";
import { ListQuery } from "../admin/schemas/other-schemas.ts";
import {
  AbortBody,
  CampaignBody,
  CampaignPageView,
  CampaignParams,
  CampaignPreviewBody,
  CampaignView,
  CampaignWithProgressView,
  MemberListQuery,
  MemberPageView,
  PreviewView,
} from "./campaign-schemas.ts";
import {
  describeCampaign,
  describeMember,
  describePreview,
  describeProgress,
} from "./describe-campaign.ts";
import { readCampaignSettings } from "./read-campaign.ts";

/** 100,000 DevEUIs. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;
const TAGS = ["campaigns"];

/** Campaigns: what they are, and what operators want of them. */
export function addCampaignRoutes(scope: HttpApp, campaigns: CampaignAdministration): void {
  const withProgress = async (campaign: Campaign) => ({
    ...describeCampaign(campaign),
    progress: describeProgress(await campaigns.progress(campaign)),
  });
  scope.post(
    "/campaigns",
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { right: "campaign:run" },
      schema: {
        tags: TAGS,
        summary: "Make a campaign: new root keys for many devices, at a rate",
        description:
          "It starts as soon as its devices are put together. With an id of the caller's the same request " +
          "again finds the campaign that it has made (200), and another one of that id is a 409.",
        body: CampaignBody,
        response: { 200: CampaignView, 201: CampaignView },
      },
    },
    async (request, reply) => {
      const { id, ...body } = request.body;
      const { campaign, isNew } = await campaigns.create(
        { id: id?.toLowerCase(), settings: readCampaignSettings(body) },
        callerOf(request).actor,
      );
      const view = describeCampaign(campaign);
      return isNew ? reply.code(201).send(view) : reply.code(200).send(view);
    },
  );
  scope.post(
    "/campaigns/preview",
    {
      bodyLimit: BODY_LIMIT_BYTES,
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "How many devices a campaign would update, which, and how long its starts take",
        body: CampaignPreviewBody,
        response: { 200: PreviewView },
      },
    },
    async (request) => describePreview(await campaigns.preview(readCampaignSettings(request.body))),
  );
  scope.get(
    "/campaigns",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "Campaigns, newest first",
        querystring: ListQuery,
        response: { 200: CampaignPageView },
      },
    },
    async (request) => {
      const { items, next } = pageOf(await campaigns.list(), ({ id }) => id, request.query);
      return { campaigns: items.map(describeCampaign), next };
    },
  );
  scope.get(
    "/campaigns/:campaignId",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary: "One campaign and how far it is",
        params: CampaignParams,
        response: { 200: CampaignWithProgressView },
      },
    },
    async (request) => withProgress(await campaigns.get(idOf(request.params))),
  );
  scope.get(
    "/campaigns/:campaignId/devices",
    {
      config: { right: "device:read" },
      schema: {
        tags: TAGS,
        summary:
          "Its devices in the order of their DevEUI: what became of each, why, and what to do",
        params: CampaignParams,
        querystring: MemberListQuery,
        response: { 200: MemberPageView },
      },
    },
    async (request) => {
      const { state, limit = 100, after } = request.query;
      const page = await campaigns.members(
        idOf(request.params),
        state === undefined ? {} : { states: [state] },
        { limit, after: after === undefined ? undefined : parseEui64(after) },
      );
      return { devices: page.members.map(describeMember), next: page.next ?? null };
    },
  );
  for (const verb of ["pause", "resume"] as const) {
    scope.post(
      `/campaigns/:campaignId/${verb}`,
      {
        config: { right: "campaign:run" },
        schema: {
          tags: TAGS,
          summary: SUMMARIES[verb],
          params: CampaignParams,
          response: { 200: CampaignWithProgressView },
        },
      },
      async (request) =>
        withProgress(await campaigns[verb](idOf(request.params), callerOf(request).actor)),
    );
  }
  scope.post(
    "/campaigns/:campaignId/abort",
    {
      config: { right: "campaign:run" },
      schema: {
        tags: TAGS,
        summary: "End a campaign for ever; updates under way come to their own end, or are ended",
        params: CampaignParams,
        body: AbortBody,
        response: { 200: CampaignWithProgressView },
      },
      // Every member is optional, so the whole body is.
      preValidation: (request, _reply, done) => {
        request.body ??= {};
        done();
      },
    },
    async (request) => {
      const { abortsUpdates = false } = request.body;
      const { actor } = callerOf(request);
      return withProgress(await campaigns.abort(idOf(request.params), { abortsUpdates }, actor));
    },
  );
  scope.delete(
    "/campaigns/:campaignId",
    {
      config: { right: "campaign:run" },
      schema: {
        tags: TAGS,
        summary: "Forget a campaign that has ended, with its report",
        params: CampaignParams,
        response: { 204: Type.Null({ description: "forgotten" }) },
      },
    },
    async (request, reply) => {
      await campaigns.delete(idOf(request.params), callerOf(request).actor);
      return reply.code(204).send(null);
    },
  );
}

const SUMMARIES = {
  pause: "Start no more updates; those under way go on",
  resume: "Go on, or start one that waits; the failures so far no longer pause it",
} as const;

function idOf({ campaignId }: { readonly campaignId: string }): string {
  return campaignId.toLowerCase();
}
