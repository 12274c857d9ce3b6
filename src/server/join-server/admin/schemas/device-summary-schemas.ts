import { type Static, Type } from "typebox";
import { orNull } from "./common.ts";
import { DevicePageView, DeviceView, UpdateView } from "./device-answers.ts";

const { next, total } = DevicePageView.properties;

/** Members of a device that are known without opening a key; each as the device itself has it. */
export const DeviceSummaryView = Type.Object(
  {
    ...Type.Pick(DeviceView, [
      "devEui",
      "joinEui",
      "macVersion",
      "homeNetId",
      "asId",
      "deviceProfile",
      "name",
      "isDisabled",
      "createdAt",
      "version",
      "joinNonce",
      "devAddr",
      "lastJoinAt",
      "generation",
      "generationSince",
      "failedAttempts",
    ]).properties,
    update: orNull(
      Type.Pick(UpdateView, ["updateId", "status", "reason", "startedAt"], {
        title: "RootKeyUpdateSummary",
      }),
    ),
  },
  { title: "DeviceSummary" },
);
export type DeviceSummaryView = Static<typeof DeviceSummaryView>;

export const DeviceSummaryPageView = Type.Object({
  devices: Type.Array(DeviceSummaryView),
  next,
  total,
});
