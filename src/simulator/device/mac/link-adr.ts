import { isLorawan11 } from "../../../lorawan/mac-version.ts";
import type { Region } from "../../../lorawan/region/region.ts";
import { isUsable, type RadioSettings } from "../radio/radio-settings.ts";
import type { Session } from "../session.ts";
import { applyChannelMask } from "./channel-mask.ts";
import { type Downlink, type MacContext, withAnswer, withRadio } from "./mac-outcome.ts";

type LinkAdrReq = Downlink<"LinkADRReq">;

/** DataRate and TXPower of this value leave the present setting. */
const KEEP = 15;

/**
 * Obeys or refuses one block of neighbouring LinkADRReq as a whole. A 1.1 session answers a block
 * once (LoRaWAN 1.1 §5.3), an older one each of its commands (LoRaWAN 1.0.2 §5.2).
 *
 * @param isFirst only the first block of a frame may change anything
 */
export function obeyLinkAdrBlock(
  session: Session,
  block: readonly LinkAdrReq[],
  context: MacContext & { readonly isFirst: boolean },
): Session {
  const last = block.at(-1);
  if (last === undefined) return session;
  const radio = session.radio;
  const channels = block.reduce<RadioSettings["channels"] | undefined>(
    (masked, command) => masked && applyChannelMask(context.region, masked, command),
    radio.channels,
  );
  const dataRate = last.dataRate === KEEP ? radio.dataRate : last.dataRate;
  const isPossible = context.isFirst && channels?.some((channel) => channel.isEnabled) === true;
  const status = {
    channelMaskAck: isPossible,
    dataRateAck: isPossible && canSend(context.region, { ...radio, channels }, dataRate),
    powerAck:
      context.isFirst && (last.txPower === KEEP || last.txPower < context.region.txPowerCount),
  };
  const isAccepted = status.channelMaskAck && status.dataRateAck && status.powerAck;
  const changed = isAccepted
    ? withRadio(session, {
        channels: channels ?? radio.channels,
        dataRate,
        txPower: last.txPower === KEEP ? radio.txPower : last.txPower,
        nbTrans: nbTransOf(last, session, context),
      })
    : session;
  const answers = session.isLorawan11 ? 1 : block.length;
  return Array.from({ length: answers }).reduce<Session>(
    (answered) => withAnswer(answered, { name: "LinkADRAns", ...status }),
    changed,
  );
}

function canSend(region: Region, radio: RadioSettings, dataRate: number): boolean {
  return (
    isUsable(radio.channels, dataRate) &&
    region.rx1DataRates[dataRate]?.[radio.rx1DrOffset] !== undefined
  );
}

/** 0 keeps the number in 1.1 (§5.3) and returns to 1 before (1.0.2 §5.2). */
function nbTransOf(command: LinkAdrReq, session: Session, context: MacContext): number {
  if (command.nbTrans > 0) return command.nbTrans;
  return isLorawan11(context.macVersion) ? session.radio.nbTrans : 1;
}
