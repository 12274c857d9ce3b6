import { setTimeout as delay } from "node:timers/promises";
import type { RootKeyCommand } from "../../backend/root-key-messages.ts";
import { WarrenError } from "../../errors.ts";
import type { Eui64 } from "../../lorawan/identifiers.ts";
import type { NetworkServerContext } from "../context.ts";
import { LEAD_TIME_MS } from "../downlink/receive-windows.ts";
import type { ReceivedUplink } from "../gateway/received-uplink.ts";
import { setRootKeyCommand } from "../mac/root-key-commands.ts";

/** What came up in one uplink for the Join Server. */
export interface RelayableUplink {
  readonly devEui: Eui64;
  readonly uplink: ReceivedUplink;
  /** Command identifier included. */
  readonly rootKeyCommands: readonly Uint8Array[];
}

/** Time to build and store the downlink once the answer is there. */
const PLANNING_MS = 50;

/**
 * Hands root key commands to the Join Server and puts its answers in line for the device. Waits for them
 * as long as RX2 can still carry one; an answer that comes later goes down after the next uplink. The
 * device repeats what stays unanswered, so a failure is only logged.
 */
export async function relayRootKeyCommands(
  context: NetworkServerContext,
  relayable: RelayableUplink,
): Promise<void> {
  if (relayable.rootKeyCommands.length === 0) return;
  const { store, clock } = context;
  const rxDelaySeconds = store.findDevice(relayable.devEui)?.current?.rxDelaySeconds ?? 1;
  const latest =
    relayable.uplink.receivedAt + (rxDelaySeconds + 1) * 1_000 - LEAD_TIME_MS - PLANNING_MS;
  const timer = new AbortController();
  await Promise.race([
    relayAll(context, relayable),
    delay(Math.max(latest - clock.now(), 0), undefined, { signal: timer.signal }),
  ]);
  timer.abort();
}

async function relayAll(
  context: NetworkServerContext,
  { devEui, uplink, rootKeyCommands }: RelayableUplink,
): Promise<void> {
  const { logger } = context;
  const gatewayId = uplink.best.gatewayEui;
  for (const macCommand of rootKeyCommands) {
    try {
      await relay(context, { devEui, macCommand, gatewayId });
    } catch (error) {
      // Logged here in any case: nobody waits any more for what fails after RX2.
      if (error instanceof WarrenError) {
        const fields = { event: "root-key-command-not-relayed", devEui, code: error.code };
        logger.warn(fields, error.message);
      } else {
        logger.error({ event: "defect", devEui, err: error }, "unexpected error");
      }
    }
  }
}

async function relay(
  { store, joinServer, logger }: NetworkServerContext,
  command: RootKeyCommand,
): Promise<void> {
  const { devEui, macCommand } = command;
  const device = store.findDevice(devEui);
  if (device === undefined) return;
  const answer = await joinServer.rootKeyCommandReq(device.joinEui, command);
  const { resultCode } = answer.result;
  logger.info({ event: "root-key-command-relayed", devEui, cid: macCommand[0], resultCode });
  const octets = answer.value?.macCommand;
  if (octets === undefined) return;
  store.changeDevice(devEui, (before) => ({
    device: setRootKeyCommand(before, octets),
    messages: [],
  }));
}
