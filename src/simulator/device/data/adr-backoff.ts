import { isUsable, type RadioSettings } from "../radio/radio-settings.ts";
import type { Session } from "../session.ts";

/** Whether the uplink asks for an answer: only as long as there is something left to step back from. */
export function isAdrAckRequested(session: Session): boolean {
  return session.adrAckCount >= session.radio.adrAckLimit && !isMostRobust(session.radio);
}

/**
 * The settings for the next uplink when the network stays silent: full power first, then the data rate
 * step by step, at last all channels.
 *
 * @see LoRaWAN 1.1 §4.3.1.1
 */
export function backOff(session: Session): RadioSettings {
  const { radio, adrAckCount } = session;
  const overdue = adrAckCount - radio.adrAckLimit;
  const isStep = overdue >= radio.adrAckDelay && overdue % radio.adrAckDelay === 0;
  if (!isStep || isMostRobust(radio)) return radio;
  if (radio.txPower > 0) return { ...radio, txPower: 0 };
  const dataRate = radio.dataRate - 1;
  if (dataRate >= 0 && isUsable(radio.channels, dataRate)) return { ...radio, dataRate };
  return { ...radio, channels: radio.channels.map((channel) => ({ ...channel, isEnabled: true })) };
}

function isMostRobust(radio: RadioSettings): boolean {
  return (
    radio.dataRate === 0 &&
    radio.txPower === 0 &&
    radio.channels.every((channel) => channel.isEnabled)
  );
}
