import type { DownlinkMacCommand } from "../../lorawan/mac-commands/downlink.ts";
import { encodeMacCommands } from "../../lorawan/mac-commands/mac-commands.ts";
import type { Device } from "../session/device.ts";

/** A lost request is sent again with later downlinks, but not for ever (LoRaWAN 1.1 §5, first note). */
const ATTEMPTS = 8;

/** Queues a command of the network; an older one of the same kind gives way. */
export function queueMacRequest(device: Device, command: DownlinkMacCommand): Device {
  const octets = encodeMacCommands([command]);
  const cid = octets[0] as number;
  const others = device.macRequests.filter((request) => request.cid !== cid);
  return { ...device, macRequests: [...others, { cid, octets, attemptsLeft: ATTEMPTS }] };
}

/** The end-device has answered the request with this command identifier. */
export function settleMacRequest(device: Device, cid: number): Device {
  const others = device.macRequests.filter((request) => request.cid !== cid);
  return others.length === device.macRequests.length ? device : { ...device, macRequests: others };
}
