import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import type { ServerEvent } from "../../api/events.ts";
import {
  type Device,
  getDevicesByDevEui,
  getDevicesByDevEuiRootKeyUpdates,
  getDevicesByDevEuiUpdatePolicy,
} from "../../api/generated/warren-api.ts";
import { useLiveQuery } from "../../api/live-queries.ts";

/** While an update is under way, for roles that get no events and steps that are none. */
const WATCHING_MS = 2_000;
const RESTING_MS = 30_000;

/** Follows the device; everything of it is asked for again when an event concerns it. */
export function useDevice(devEui: string) {
  const concerns = useCallback((event: ServerEvent) => event.devEui === devEui, [devEui]);
  useLiveQuery(["devices", devEui], concerns);
  return useQuery({
    queryKey: ["devices", devEui],
    queryFn: () => getDevicesByDevEui({ devEui }),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? WATCHING_MS : RESTING_MS),
  });
}

/** Generations and attempts, newest first. @param limit attempts at most */
export function useTimeline(device: Device, limit: number) {
  const { devEui } = device;
  return useQuery({
    queryKey: ["devices", devEui, "timeline", limit],
    queryFn: () => getDevicesByDevEuiRootKeyUpdates({ devEui, limit }),
    placeholderData: keepPreviousData,
    refetchInterval: isUnderWay(device) ? WATCHING_MS : RESTING_MS,
  });
}

export function useDevicePolicy(devEui: string) {
  return useQuery({
    queryKey: ["devices", devEui, "update-policy"],
    queryFn: () => getDevicesByDevEuiUpdatePolicy({ devEui }),
  });
}

/** Whether a root key update waits for the device. */
export function isUnderWay(device: Device | undefined): boolean {
  const status = device?.update?.status;
  return status === "prepared" || status === "accepted" || status === "confirmed";
}
