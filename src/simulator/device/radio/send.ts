import { dataRateByIndex } from "../../../lorawan/region/data-rates.ts";
import { frameDurationMs } from "../../../lorawan/region/frame-duration.ts";
import type { DownlinkReceiver } from "../../air/radio-frame.ts";
import type { Activity, Agenda, Repetition } from "../agenda.ts";
import { encodeUplinkFrame } from "../data/uplink-frame.ts";
import type { DevicePorts } from "../device-ports.ts";
import { joinDataRate } from "../join/join-schedule.ts";
import type { Session } from "../session.ts";
import {
  type DeviceChannel,
  defaultRadioSettings,
  isUsable,
  pickChannel,
  type RadioSettings,
} from "./radio-settings.ts";
import { receiveWindows } from "./receive-windows.ts";

/** A device at the moment of a transmission. */
export interface Sender {
  readonly ports: DevicePorts;
  readonly agenda: Agenda;
  readonly receiver: DownlinkReceiver;
}

interface Transmission {
  readonly phyPayload: Uint8Array;
  readonly channel: Pick<DeviceChannel, "frequencyHz" | "downlinkFrequencyHz">;
  readonly dataRate: number;
  readonly rx1DelayMs: number;
  readonly radio: RadioSettings;
}

/** Sends a Join-request on a join channel, with the receive windows every device starts with. */
export function sendJoinRequest(sender: Sender, phyPayload: Uint8Array, attempts: number): void {
  const { region, chance } = sender.ports;
  const dataRate = joinDataRate(region, attempts);
  transmit(sender, {
    phyPayload,
    channel: pickChannel(region.joinChannels, dataRate, chance()),
    dataRate,
    rx1DelayMs: region.joinAcceptDelay1Ms,
    radio: defaultRadioSettings(region),
  });
}

/**
 * Sends a Rejoin-request: types 0 and 1 on the join channels, type 2 on the enabled ones, at the data
 * rate of ForceRejoinReq or the present one (LoRaWAN 1.1 §6.2.4.3). The answer is a Join-accept, so it
 * comes with its delays; channel and data rate of the windows are those of the session.
 */
export function sendRejoinRequest(
  sender: Sender,
  phyPayload: Uint8Array,
  request: { readonly session: Session; readonly activity: Extract<Activity, { kind: "rejoin" }> },
): void {
  const { region, chance } = sender.ports;
  const { radio } = request.session;
  const { rejoinType, dataRate: wanted = radio.dataRate } = request.activity;
  const channels = rejoinType === 2 ? radio.channels : region.joinChannels;
  const dataRate = [wanted, radio.dataRate].find((index) =>
    channels.some(({ minDr, maxDr }) => minDr <= index && index <= maxDr),
  );
  const usable = dataRate ?? joinDataRate(region, 0);
  transmit(sender, {
    phyPayload,
    channel: pickChannel(channels, usable, chance()),
    dataRate: usable,
    rx1DelayMs: region.joinAcceptDelay1Ms,
    radio,
  });
}

/** Sends a data frame on a random enabled channel; each transmission of it is signed for its own. */
export function sendDataFrame(sender: Sender, radio: RadioSettings, repetition: Repetition): void {
  const { region, chance } = sender.ports;
  const { dataRate, frame } = repetition;
  // The network may have removed the last channel of this data rate.
  const channels: readonly DeviceChannel[] = isUsable(radio.channels, dataRate)
    ? radio.channels
    : defaultRadioSettings(region).channels;
  const channel = pickChannel(channels, dataRate, chance());
  transmit(sender, {
    phyPayload: encodeUplinkFrame(frame, { dataRate, channelIndex: channel.index }),
    channel,
    dataRate,
    rx1DelayMs: radio.rx1DelayMs,
    radio,
  });
}

function transmit({ ports, agenda, receiver }: Sender, transmission: Transmission): void {
  const { phyPayload, channel, dataRate, radio, rx1DelayMs } = transmission;
  const modulation = dataRateByIndex(ports.region, dataRate).name;
  const timeOnAirMs = frameDurationMs(modulation, phyPayload.length, "up");
  const startsAt = ports.timeline.now();
  const endsAt = startsAt + timeOnAirMs;
  // DutyCycleReq: silence for as long as keeps the share on the air at 2^-maxDCycle.
  agenda.quietUntil = endsAt + timeOnAirMs * (2 ** radio.maxDCycle - 1);
  const { region } = ports;
  const { rx1DrOffset, rx2 } = radio;
  ports.air.sendUplink(
    { phyPayload, frequencyHz: channel.frequencyHz, modulation, startsAt, timeOnAirMs },
    receiveWindows({ region, channel, dataRate, endsAt, rx1DelayMs, rx1DrOffset, rx2 }),
    receiver,
  );
}
