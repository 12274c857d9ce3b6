import { formatSuite } from "../../root-key/suite.ts";
import type { DeviceState } from "../../simulator/device/device-state.ts";
import type { EndDevice } from "../../simulator/device/end-device.ts";
import {
  rootKeyFingerprints,
  sessionKeyFingerprints,
} from "../../simulator/device/fingerprints.ts";
import type { Session } from "../../simulator/device/session.ts";
import type { Step } from "../../simulator/step-log.ts";

/** A device for the list. Fingerprints stand for keys. */
export function summarizeDevice({ profile, state }: EndDevice) {
  const { devEui, macVersion, activation } = profile;
  const { session, generation, update } = state;
  return {
    devEui,
    macVersion,
    activation,
    joinState: session === null ? "joining" : "joined",
    devAddr: session?.devAddr ?? null,
    fCntUp: session?.fCntUp ?? null,
    inSession: session !== null,
    generation,
    hasCandidate: update?.candidate !== undefined,
    updateId: update?.lastUpdateId ?? null,
    updateState: updateStateOf(state),
  };
}

/** All that may be shown of one device. Fingerprints stand for keys. */
export function describeDevice(device: EndDevice, events: readonly Step[]) {
  const { profile, state, recorder } = device;
  const { joinEui, uplinkIntervalMs, confirmedUplinks, longestJoinPauseMs } = profile;
  const { rootKeyFPort, supportsHealing } = profile;
  const { update } = state;
  return {
    ...summarizeDevice(device),
    joinEui,
    uplinkIntervalMs,
    confirmedUplinks,
    longestJoinPauseMs,
    rootKeyFPort,
    supportsHealing,
    rootKeyCarrier: state.rootKeyCarrier,
    devNonce: state.devNonces.last,
    joinNonce: state.lastJoinNonce,
    rjCount1: state.rjCount1 - 1,
    rootKeys: update === null ? null : rootKeyFingerprints(update.currentKeys),
    candidateKeys: update?.candidate ? rootKeyFingerprints(update.candidate.keys) : null,
    update: updateOf(state),
    session: state.session === null ? null : describeSession(state.session),
    waitingUplinks: state.outbox.length,
    counters: recorder.counters,
    refused: recorder.counters.refused,
    payloads: recorder.payloads,
    events,
  };
}

/** Where the device is in an update: `idle`, `derived` or `switching`. */
function updateStateOf({ update }: DeviceState): string {
  if (!update?.candidate) return "idle";
  return update.candidate.isConfirmed ? "switching" : "derived";
}

function updateOf(state: DeviceState) {
  const { update } = state;
  if (update === null) return null;
  const { candidate, lastUpdateId } = update;
  return {
    state: updateStateOf(state),
    lastUpdateId,
    suite: candidate ? formatSuite(candidate.suite) : null,
    isHealing: candidate ? candidate.jsPublicKey !== undefined : null,
    newKeyReadyReqsSent: candidate?.timesSent ?? 0,
  };
}

function describeSession(session: Session) {
  const { radio } = session;
  return {
    activation: session.activation,
    isLorawan11: session.isLorawan11,
    devAddr: session.devAddr,
    netId: session.netId,
    joinNonce: session.joinNonce,
    keys: sessionKeyFingerprints(session.keys),
    fCntUp: session.fCntUp,
    nFCntDown: session.nFCntDown,
    aFCntDown: session.aFCntDown,
    rjCount0: session.rjCount0 - 1,
    isIndicating: session.isIndicating,
    uplinksSinceDownlink: session.uplinksSinceDownlink,
    radio: {
      dataRate: radio.dataRate,
      txPower: radio.txPower,
      nbTrans: radio.nbTrans,
      rx1DelayMs: radio.rx1DelayMs,
      rx1DrOffset: radio.rx1DrOffset,
      rx2: radio.rx2,
      maxDCycle: radio.maxDCycle,
      rejoinLimits: radio.rejoinLimits,
      channels: radio.channels.filter(({ isEnabled }) => isEnabled).map(({ index }) => index),
    },
  };
}
