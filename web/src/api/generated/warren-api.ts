/**
 * Warren Join Server: administration
 * 1
 * DO NOT MODIFY - This file has been generated using oazapfts.
 * See https://www.npmjs.com/package/oazapfts
 */
import * as Oazapfts from "@oazapfts/runtime";
import * as QS from "@oazapfts/runtime/query";
export const defaults: Oazapfts.Defaults<Oazapfts.CustomHeaders> = {
    headers: {},
    baseUrl: "/"
};
const oazapfts = Oazapfts.runtime(defaults);
export const servers = {
    server1: "/"
};
export type UpdatePolicy = {
    /** longest use of a generation; null: no limit */
    maxAgeMs?: number | null;
    /** most sessions derived from a generation; null: no limit */
    maxSessions?: number | null;
    /** most frames under a generation; null: no limit */
    maxFrames?: number | null;
    /** events after which an update is wanted */
    triggers?: ("tampering" | "key-export" | "wrong-mics")[];
    /** least time between a committed update and the next that nobody has ordered */
    minimumPeriodMs?: number;
    /** updates with an X25519 exchange, which cost more airtime */
    isHealing?: boolean;
};
export type RootKeyUpdate = {
    /** 1 to 65,535 */
    updateId: number;
    suite: string;
    status: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
    /** with an X25519 exchange */
    isHealing: boolean;
    reason: string | null;
    startedAt: string | null;
    carrier: ("mac-commands" | "application-port") | null;
    requestedBy: string | null;
};
export type Session = {
    sessionKeyId: string;
    /** of its Join-accept */
    joinNonce: number;
    /** a frame of the device has shown that it has it */
    isProvenInUse: boolean;
    /** ISO 8601 in UTC */
    createdAt: string;
    /** 8 hex digits that tell keys apart */
    fNwkSIntKey: string;
    /** 8 hex digits that tell keys apart */
    sNwkSIntKey: string;
    /** 8 hex digits that tell keys apart */
    nwkSEncKey: string;
    /** 8 hex digits that tell keys apart */
    appSKey: string;
};
export type Warning = {
    /** the one that is weak */
    key?: "nwkKey" | "appKey";
    weakness?: "equal-octets" | "pattern" | "published" | "derived-from-eui" | "same-root-keys" | "duplicate";
    message: string;
};
export type Device = {
    devEui: string;
    joinEui: string;
    macVersion: string;
    homeNetId: string;
    asId: string;
    suite: string;
    /** empty for none */
    deviceProfile: string;
    updatePolicy: UpdatePolicy;
    /** automatic: MAC commands where the Network Server relays them */
    carrier: "automatic" | "mac-commands" | "application-port";
    name: string;
    description: string;
    tags: {
        [key: string]: string;
    };
    isDisabled: boolean;
    allowsForeignJoinEui: boolean;
    /** ISO 8601 in UTC */
    createdAt: string;
    /** grows with every change, joins included; also the ETag */
    version: number;
    /** the last one issued */
    joinNonce: number;
    lastDevNonce: number | null;
    rjCount1: number | null;
    devAddr: string | null;
    lastJoinAt: string | null;
    /** root key updates committed */
    generation: number;
    /** ISO 8601 in UTC */
    generationSince: string;
    /** sessions made from the current root keys */
    generationSessions: number;
    /** updates that failed since the last one that was committed */
    failedAttempts: number;
    rootKeys: {
        /** 8 hex digits that tell keys apart */
        nwkKey: string;
        /** 8 hex digits that tell keys apart */
        appKey: string;
    };
    candidateRootKeys: {
        /** 8 hex digits that tell keys apart */
        nwkKey: string;
        /** 8 hex digits that tell keys apart */
        appKey: string;
    } | null;
    nwkKeyReplacedAt: string | null;
    /** 0 before the first */
    lastUpdateId: number;
    update: RootKeyUpdate | null;
    updateCommittedAt: string | null;
    /** newest first */
    sessions: Session[];
    /** weak root keys, or a JoinEUI that is not served, when they are given */
    warnings?: Warning[];
};
export type Problem = {
    /** urn:warren:error:<title> */
    "type": string;
    /** the error code, see docs/errors.md */
    title: string;
    status: number;
    /** for people: what is wrong and what to do */
    detail: string;
};
export type RootKeyUpdateSummary = {
    /** 1 to 65,535 */
    updateId: number;
    status: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
    reason: string | null;
    startedAt: string | null;
};
export type DeviceSummary = {
    devEui: string;
    joinEui: string;
    macVersion: string;
    homeNetId: string;
    asId: string;
    /** empty for none */
    deviceProfile: string;
    name: string;
    isDisabled: boolean;
    /** ISO 8601 in UTC */
    createdAt: string;
    /** grows with every change, joins included; also the ETag */
    version: number;
    /** the last one issued */
    joinNonce: number;
    devAddr: string | null;
    lastJoinAt: string | null;
    /** root key updates committed */
    generation: number;
    /** ISO 8601 in UTC */
    generationSince: string;
    /** updates that failed since the last one that was committed */
    failedAttempts: number;
    update: RootKeyUpdateSummary | null;
};
export type CreateOutcome = {
    devEui: string;
    outcome: "created" | "known" | "refused";
    /** of a refused one, see docs/errors.md */
    code?: string;
    message?: string;
    warnings?: Warning[];
};
export type KeyEnvelope = {
    kekLabel: string;
    /** 16 bytes wrapped by RFC 3394 */
    aesKey: string;
};
export type UpdateAttempt = {
    /** 1 to 65,535 */
    updateId: number;
    suite: string;
    isHealing: boolean;
    carrier: "mac-commands" | "application-port";
    /** of the keys it started from */
    generation: number;
    /** operator:<token>, campaign:<id>, policy:<reason>, network-server:<NetID> or application-server:<AS-ID> */
    requestedBy: string;
    /** ISO 8601 in UTC */
    startedAt: string;
    endedAt: string | null;
    outcome: "under-way" | "committed" | "failed";
    reason: string | null;
    remedy: string | null;
    /** in the order of time; of a long attempt the first 16 and the last 16 */
    steps: {
        /** ISO 8601 in UTC */
        at: string;
        kind: "started" | "request-handed-over" | "request-not-delivered" | "accepted" | "refused" | "ready-received" | "ready-repeated" | "ready-wrong-mic" | "joined-with-new-keys" | "joined-with-current-keys" | "aborted" | "committed" | "failed";
        detail: string | null;
    }[];
};
export type UpdateTimeline = {
    devEui: string;
    /** root key updates committed */
    generation: number;
    /** ISO 8601 in UTC */
    generationSince: string;
    /** sessions made from the current root keys */
    generationSessions: number;
    /** of 65,535 */
    lastUpdateId: number;
    /** since the last one that was committed */
    failedAttempts: number;
    updateWanted: string | null;
    updateNotBefore: string | null;
    /** newest first, as far as attempts are on record */
    generations: {
        /** 0 for factory keys */
        generation: number;
        since: string | null;
        updateId: number | null;
    }[];
    /** newest first */
    attempts: UpdateAttempt[];
    next: number | null;
};
export type StuckDevice = {
    devEui: string;
    name: string;
    homeNetId: string;
    asId: string;
    /** root key updates committed */
    generation: number;
    update: RootKeyUpdate | null;
    /** the most pressing first */
    problems: {
        kind: "no-carrier" | "not-handed-over" | "silent" | "no-proof" | "not-joined" | "failing" | "update-ids-low";
        since: string | null;
        why: string;
        /** what to do */
        remedy: string;
    }[];
};
export type Certificate = {
    subject: string;
    /** ISO 8601 in UTC */
    validTo: string;
    /** of the certificate, in hex */
    sha256: string;
};
export type NetworkServer = {
    netId: string;
    isAllowed: boolean;
    authentication: {
        kind: "loopback" | "bearer" | "mutual-tls";
        ca?: Certificate[];
        certificateSha256?: string[];
        names?: string[];
    };
    rateLimit: {
        perSecond: number;
        burst: number;
    } | null;
    answers: "sync" | "async";
    route: {
        url: string;
        ca: Certificate[];
        hasAuthorization: boolean;
        protocolVersion: "1.0" | "1.1";
        senderNsId: string | null;
    } | null;
    kekLabel: string;
    /** 8 hex digits that tell keys apart */
    kekFingerprint: string;
    lastContactAt: string | null;
    lastContactAddress: string | null;
    relaysRootKeyUpdates: boolean;
};
export type ApplicationServer = {
    asId: string;
    isAllowed: boolean;
    authentication: {
        kind: "loopback" | "bearer" | "mutual-tls";
        ca?: Certificate[];
        certificateSha256?: string[];
        names?: string[];
    };
    rateLimit: {
        perSecond: number;
        burst: number;
    } | null;
    answers: "sync" | "async";
    route: {
        url: string;
        ca: Certificate[];
        hasAuthorization: boolean;
        protocolVersion: "1.0" | "1.1";
        senderNsId: string | null;
    } | null;
    kekLabel: string;
    /** 8 hex digits that tell keys apart */
    kekFingerprint: string;
    lastContactAt: string | null;
    lastContactAddress: string | null;
    appSKeyDelivery: "envelope" | "session-key-id" | "both";
    relaysRootKeyUpdates: boolean;
    rootKeyFPort: number;
};
export type JoinEuiRange = {
    first: string;
    prefixLengthBits: number;
};
export type Token = {
    id: string;
    name: string;
    role: "administrator" | "operator" | "key-officer" | "auditor";
    /** ISO 8601 in UTC */
    createdAt: string;
    expiresAt: string | null;
};
export type AuditEntry = {
    /** 1 for the first, without gaps */
    seq: number;
    /** epoch milliseconds, as it is hashed */
    at: number;
    actor: string;
    action: string;
    subject: string;
    details: {
        [key: string]: any;
    };
    previousHash: string;
    /** SHA-256 in hex of JSON.stringify([seq, previousHash, at, actor, action, subject, details]), the members of details in the order of their names */
    hash: string;
};
export type WeakKeyReport = {
    status: "none" | "running" | "done" | "failed";
    startedAt: string | null;
    endedAt: string | null;
    progress: number;
    /** findings by weakness: equal-octets, pattern, published, derived-from-eui, same-root-keys, duplicate */
    counts: {
        [key: string]: number;
    };
    findings: {
        devEui: string;
        key: "nwkKey" | "appKey";
        weakness: "equal-octets" | "pattern" | "published" | "derived-from-eui" | "same-root-keys" | "duplicate";
        /** of duplicates: devices of one group have the same key */
        group?: number;
    }[];
    next: number | null;
};
export type EffectiveUpdatePolicy = {
    maxAgeMs: number | null;
    maxSessions: number | null;
    maxFrames: number | null;
    triggers: ("tampering" | "key-export" | "wrong-mics")[];
    minimumPeriodMs: number;
    isHealing: boolean;
};
export type UpdatePolicyCost = {
    /** as far as they can be foreseen: without events and orders */
    updatesPerYear: number;
    dataRates: {
        /** index in the region */
        dataRate: number;
        /** such as SF12BW125 */
        name: string;
        perUpdate: {
            /** frames sent by the device */
            uplinks: number;
            /** frames sent to it */
            downlinks: number;
            uplinkAirtimeMs: number;
            downlinkAirtimeMs: number;
            /** of the radio, in mJ, at 3.3 V, 45 mA sending and 4.6 mA receiving */
            energyMj: number;
        };
        perYear: {
            /** frames sent by the device */
            uplinks: number;
            /** frames sent to it */
            downlinks: number;
            uplinkAirtimeMs: number;
            downlinkAirtimeMs: number;
            /** of the radio, in mJ, at 3.3 V, 45 mA sending and 4.6 mA receiving */
            energyMj: number;
            /** of 2,400 mAh at 3.3 V; 1 is all of it */
            batteryShare: number;
            /** of a duty cycle of 1 %; 1 is all of it */
            dutyCycleShare: number;
        };
    }[];
};
export type DeviceProfile = {
    name: string;
    description: string;
    updatePolicy: UpdatePolicy;
};
export type Overview = {
    devices: {
        /** devices on record */
        total: number;
        /** switched off */
        disabled: number;
        /** no JoinNonce has been issued to them */
        neverJoined: number;
        /** in the order of generations */
        byGeneration: {
            /** 0 for factory keys */
            generation: number;
            /** devices */
            count: number;
        }[];
        /** in the order of versions */
        byMacVersion: {
            macVersion: string;
            /** devices */
            count: number;
        }[];
        /** of the last root key update of each; none: before the first */
        byUpdateStatus: {
            updateStatus: "none" | "prepared" | "accepted" | "confirmed" | "committed" | "failed";
            /** devices */
            count: number;
        }[];
    };
    updates: {
        /** neither committed nor failed */
        underWay: number;
        /** of them: prepared or accepted, the device has not proven new keys */
        waitingForDevice: number;
        /** of them: confirmed, the next Join-request ends them */
        waitingForJoin: number;
    };
    needsAttention: {
        stuckDevices: {
            /** as in GET /reports/stuck-devices, at most about 1,000 */
            count: number;
            /** there may be more */
            isCapped: boolean;
        };
        /** devices whose last root key update failed */
        failedUpdates: number;
        /** campaigns that wait for an operator */
        pausedCampaigns: number;
        /** certificates that have expired or will within 30 days: of listeners, of connected peers, and CAs of peers on record */
        expiringCertificates: number;
    };
    campaigns: {
        preparing: number;
        running: number;
        paused: number;
        finished: number;
        aborted: number;
    };
    peers: {
        networkServers: number;
        applicationServers: number;
    };
    /** ISO 8601 in UTC */
    countedAt: string;
};
export type AuditChainReport = {
    status: "none" | "running" | "done" | "failed";
    startedAt: string | null;
    endedAt: string | null;
    /** entries so far, from the oldest on */
    checked: number;
    /** entries when it began */
    total: number;
    isIntact: boolean | null;
    head: {
        /** 0 of an empty log */
        seq: number;
        hash: string;
    } | null;
    brokenSeq: number | null;
    problem: string | null;
};
export type ActivityInterval = {
    /** ISO 8601 in UTC */
    startsAt: string;
    joinsAccepted: number;
    joinsRefused: number;
    rejoinsAccepted: number;
    rejoinsRefused: number;
    /** root key updates */
    updatesStarted: number;
    updatesCommitted: number;
    updatesFailed: number;
};
export type Activity = {
    /** when this process started: it knows of nothing before */
    since: string;
    /** 60 or 600 */
    intervalSeconds: number;
    /** oldest first, without gaps; the last one goes on */
    intervals: ActivityInterval[];
    /** of all intervals together, the most frequent first */
    refusals: {
        /** error code, see docs/errors.md */
        reason: string;
        /** joins and rejoins */
        count: number;
    }[];
};
export type DeviceEvent = {
    kind: "join-accepted" | "join-refused" | "rejoin-accepted" | "rejoin-refused" | "app-s-key-delivered" | "app-s-key-refused" | "update-started" | "update-accepted" | "update-confirmed" | "update-committed" | "update-failed" | "device-created" | "devices-imported" | "device-changed" | "device-deleted" | "nonces-reset" | "security-event" | "campaign-started" | "campaign-paused" | "campaign-resumed" | "campaign-finished" | "campaign-aborted";
    /** ISO 8601 in UTC */
    at: string;
    senderId: string | null;
    joinEui: string | null;
    devAddr: string | null;
    devNonce: number | null;
    joinNonce: number | null;
    generation: number | null;
    updateId: number | null;
    reason: string | null;
    remedy: string | null;
};
export type DeviceActivity = {
    /** when this process started: it knows of nothing before */
    since: string;
    /** newest first: at most 30 that happened, and 20 refusals */
    events: DeviceEvent[];
};
export type Settings = {
    /** of Warren */
    version: string;
    nodeVersion: string;
    /** ISO 8601 in UTC */
    startedAt: string;
    logLevel: string;
    database: {
        kind: "sqlite" | "postgresql";
        file: string | null;
        /** devices kept in memory */
        cachedDevices: number;
    };
    vault: {
        kind: "file" | "pkcs11";
        /** a value sealed just now could be opened again */
        isUnlocked: boolean;
        /** of the data key that new values are sealed under */
        sealingVersion: number;
    };
    listeners: {
        name: "backend" | "admin";
        host: string;
        port: number;
        hasTls: boolean;
        certificateExpiresAt: string | null;
    }[];
    clientCertificateExpiresAt: string | null;
    updates: {
        expirySeconds: number;
        attemptPeriodSeconds: number;
        shortestPeriodSeconds: number;
        allowsRabbitSplit: boolean;
        policySweepSeconds: number;
        /** 0: policies start none */
        policyStartsPerMinute: number;
    };
    limits: {
        bodyBytes: number;
        peer: {
            perSecond: number;
            burst: number;
        } | null;
        device: {
            perSecond: number;
            burst: number;
        } | null;
    };
    webhooks: {
        /** with its port; the path may be a secret */
        host: string;
        /** empty: all */
        kinds: ("join-accepted" | "join-refused" | "rejoin-accepted" | "rejoin-refused" | "app-s-key-delivered" | "app-s-key-refused" | "update-started" | "update-accepted" | "update-confirmed" | "update-committed" | "update-failed" | "device-created" | "devices-imported" | "device-changed" | "device-deleted" | "nonces-reset" | "security-event" | "campaign-started" | "campaign-paused" | "campaign-resumed" | "campaign-finished" | "campaign-aborted")[];
        /** events not yet delivered */
        waiting: number;
        /** since the start */
        delivered: number;
        /** since the start */
        dropped: number;
        /** since the start */
        failedAttempts: number;
    }[];
    metrics: {
        isEnabled: boolean;
        requiresToken: boolean;
    };
};
export type ConsoleSession = {
    /** as the audit log calls it */
    actor: string;
    name: string;
    role: "administrator" | "operator" | "key-officer" | "auditor";
    rights: ("device:read" | "device:write" | "update:run" | "campaign:run" | "policy:write" | "key:export" | "peer:read" | "peer:write" | "token:read" | "token:manage" | "audit:read" | "vault:read" | "event:read" | "report:read")[];
    /** ISO 8601 in UTC */
    expiresAt: string;
    /** send it as x-csrf-token with every request that is not GET or HEAD */
    csrfToken: string;
};
export type SignInCode = {
    /** shown once, for one sign-in */
    code: string;
    /** ISO 8601 in UTC */
    expiresAt: string;
};
export type EvaluationReportState = {
    writtenAt: string | null;
};
export type PublicJwk = {
    kty: string;
    crv: string;
    x: string;
    y: string;
    use: string;
    alg: string;
    /** RFC 7638 thumbprint */
    kid: string;
};
export type Campaign = {
    id: string;
    name: string;
    description: string;
    state: "preparing" | "running" | "paused" | "finished" | "aborted";
    pauseReason: string | null;
    /** as the audit log calls them */
    createdBy: string;
    /** ISO 8601 in UTC */
    createdAt: string;
    startedAt: string | null;
    endedAt: string | null;
    /** the canaries are through, the others follow */
    isCanaryOver: boolean;
    query: {
        /** first digits of the DevEUI */
        devEuiPrefix?: string;
        /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
        joinEui?: string;
        /** NetID, most significant byte first */
        homeNetId?: string;
        /** AS-ID */
        asId?: string;
        /** 1.0.0 to 1.0.4, or 1.1.0 */
        macVersion?: string;
        generation?: number;
        updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
        isDisabled?: boolean;
        /** the device profile they name; empty for none */
        deviceProfile?: string;
        /** part of the name, the description or the value of a tag; case does not matter */
        text?: string;
    } | null;
    listedDevices: number | null;
    generationAtMost: number | null;
    suite: string | null;
    isHealing: boolean | null;
    startsPerMinute: number;
    startsPerMinutePerGateway: number;
    maxUnderWay: number;
    canaryShare: number;
    maxFailureShare: number;
    minSettledForPause: number;
    windows: string[];
    maxAttempts: number;
    retryAfterMs: number;
    attemptTimeoutMs: number;
    startsPaused: boolean;
    abortsUpdates: boolean;
};
export type CampaignPreview = {
    /** that would be updated */
    devices: number;
    /** false: there are more devices than were looked at */
    isComplete: boolean;
    canaries: number;
    generations: {
        [key: string]: number;
    };
    macVersions: {
        [key: string]: number;
    };
    /** known to serve them */
    gateways: number;
    /** their end is waited for */
    underWay: number;
    /** left out, by reason */
    skipped: {
        [key: string]: number;
    };
    /** how long the starts alone take */
    startsMs: number;
    /** ISO 8601 in UTC */
    lastStartAt: string;
};
export type CampaignProgress = {
    total: number;
    counts: {
        waiting: number;
        "under-way": number;
        updated: number;
        failed: number;
        skipped: number;
    };
    ratePerMinute: number | null;
    estimatedEndAt: string | null;
    reasons: {
        state: "waiting" | "under-way" | "updated" | "failed" | "skipped";
        reason: string;
        count: number;
        /** what to do, in a sentence */
        remedy: string;
    }[];
};
export type CampaignDevice = {
    devEui: string;
    state: "waiting" | "under-way" | "updated" | "failed" | "skipped";
    isCanary: boolean;
    attempts: number;
    updateId: number | null;
    nextAttemptAt: string | null;
    startedAt: string | null;
    endedAt: string | null;
    reason: string | null;
    remedy: string | null;
};
export type ImportedRecord = {
    /** which of the body, from 1 */
    record: number;
    /** where it starts, from 1; of a sealed one that of its JWE */
    line: number;
    devEui?: string;
    outcome: "created" | "unchanged" | "different" | "error";
    /** see docs/errors.md */
    code?: string;
    detail?: string;
    warnings?: string[];
};
/**
 * Devices in the order of their DevEUI
 */
export function getDevices({ limit, after, devEuiPrefix, joinEui, homeNetId, asId, macVersion, generation, updateStatus, isDisabled, deviceProfile, text }: {
    limit?: number;
    after?: string;
    devEuiPrefix?: string;
    joinEui?: string;
    homeNetId?: string;
    asId?: string;
    macVersion?: string;
    generation?: number;
    updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
    isDisabled?: boolean;
    deviceProfile?: string;
    text?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            devices: Device[];
            next: string | null;
            total: number | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices${QS.query(QS.explode({
        limit,
        after,
        devEuiPrefix,
        joinEui,
        homeNetId,
        asId,
        macVersion,
        generation,
        updateStatus,
        isDisabled,
        deviceProfile,
        text
    }))}`, {
        ...opts
    }));
}
/**
 * What a list shows of devices, in the order of their DevEUI
 */
export function getDeviceSummaries({ limit, after, devEuiPrefix, joinEui, homeNetId, asId, macVersion, generation, updateStatus, isDisabled, deviceProfile, text }: {
    limit?: number;
    after?: string;
    devEuiPrefix?: string;
    joinEui?: string;
    homeNetId?: string;
    asId?: string;
    macVersion?: string;
    generation?: number;
    updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
    isDisabled?: boolean;
    deviceProfile?: string;
    text?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            devices: DeviceSummary[];
            next: string | null;
            total: number | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/device-summaries${QS.query(QS.explode({
        limit,
        after,
        devEuiPrefix,
        joinEui,
        homeNetId,
        asId,
        macVersion,
        generation,
        updateStatus,
        isDisabled,
        deviceProfile,
        text
    }))}`, {
        ...opts
    }));
}
/**
 * One device: settings, nonces, sessions, update; fingerprints for keys
 */
export function getDevicesByDevEui({ devEui }: {
    devEui: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Device;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}`, {
        ...opts
    }));
}
/**
 * Create a device, or change all settings of a known one
 */
export function putDevicesByDevEui({ devEui, ifMatch, ifNoneMatch, body }: {
    devEui: string;
    ifMatch?: string;
    ifNoneMatch?: string;
    body: {
        /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
        joinEui: string;
        /** 1.0.0 to 1.0.4, or 1.1.0 */
        macVersion: string;
        /** NwkKey; for 1.0.x the AppKey. Write-only */
        nwkKey: string;
        /** AppKey; for 1.0.x the GenAppKey, if there is one. Write-only */
        appKey?: string;
        /** NetID of the Network Server that may ask for the device */
        homeNetId: string;
        /** AS-ID */
        asId: string;
        /** rabbit, aes-cmac or hkdf-sha256 */
        suite?: string;
        /** the device profile whose update policy holds */
        deviceProfile?: string;
        updatePolicy?: UpdatePolicy;
        /** automatic: MAC commands where the Network Server relays them */
        carrier?: "automatic" | "mac-commands" | "application-port";
        /** for people */
        name?: string;
        /** for people */
        description?: string;
        /** free names and values */
        tags?: {
            [key: string]: string;
        };
        /** true: every request for the device is refused */
        isDisabled?: boolean;
        /** 1.0.x only: an AppEUI that is not `joinEui` is accepted */
        allowsForeignJoinEui?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Device;
    } | {
        status: 201;
        data: Device;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}`, oazapfts.json({
        ...opts,
        method: "PUT",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "if-match": ifMatch,
            "if-none-match": ifNoneMatch
        })
    })));
}
/**
 * Change some settings; what is left out stays
 */
export function patchDevicesByDevEui({ devEui, ifMatch, body }: {
    devEui: string;
    ifMatch?: string;
    body: {
        /** NetID of the Network Server that may ask for the device */
        homeNetId?: string;
        /** AS-ID */
        asId?: string;
        /** rabbit, aes-cmac or hkdf-sha256 */
        suite?: string;
        /** the device profile whose update policy holds */
        deviceProfile?: string;
        updatePolicy?: UpdatePolicy;
        /** automatic: MAC commands where the Network Server relays them */
        carrier?: "automatic" | "mac-commands" | "application-port";
        /** for people */
        name?: string;
        /** for people */
        description?: string;
        /** free names and values */
        tags?: {
            [key: string]: string;
        };
        /** true: every request for the device is refused */
        isDisabled?: boolean;
        /** 1.0.x only: an AppEUI that is not `joinEui` is accepted */
        allowsForeignJoinEui?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Device;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}`, oazapfts.json({
        ...opts,
        method: "PATCH",
        body,
        headers: oazapfts.mergeHeaders(opts?.headers, {
            "if-match": ifMatch
        })
    })));
}
/**
 * Erase a device with its keys
 */
export function deleteDevicesByDevEui({ devEui }: {
    devEui: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 204;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}`, {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * Create up to 1,000 devices in one transaction
 */
export function postDevicesBatch({ body }: {
    body: {
        devices: {
            /** DevEUI, most significant byte first */
            devEui: string;
            /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
            joinEui: string;
            /** 1.0.0 to 1.0.4, or 1.1.0 */
            macVersion: string;
            /** NwkKey; for 1.0.x the AppKey. Write-only */
            nwkKey: string;
            /** AppKey; for 1.0.x the GenAppKey, if there is one. Write-only */
            appKey?: string;
            /** NetID of the Network Server that may ask for the device */
            homeNetId: string;
            /** AS-ID */
            asId: string;
            /** rabbit, aes-cmac or hkdf-sha256 */
            suite?: string;
            /** the device profile whose update policy holds */
            deviceProfile?: string;
            updatePolicy?: UpdatePolicy;
            /** automatic: MAC commands where the Network Server relays them */
            carrier?: "automatic" | "mac-commands" | "application-port";
            /** for people */
            name?: string;
            /** for people */
            description?: string;
            /** free names and values */
            tags?: {
                [key: string]: string;
            };
            /** true: every request for the device is refused */
            isDisabled?: boolean;
            /** 1.0.x only: an AppEUI that is not `joinEui` is accepted */
            allowsForeignJoinEui?: boolean;
            nonces?: {
                /** the last JoinNonce (AppNonce) issued */
                joinNonce?: number;
                /** the last DevNonce seen */
                lastDevNonce?: number;
                usedDevNonces?: number[];
                /** the last RJcount1 seen */
                rjCount1?: number;
            };
        }[];
        /** say what would happen, store nothing */
        isDryRun?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            isDryRun: boolean;
            counts: {
                /** or would be, in a dry run */
                created: number;
                /** on record just so */
                known: number;
                /** for their own reason each */
                refused: number;
            };
            /** in the order of the request */
            outcomes: CreateOutcome[];
        };
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/devices/batch", oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * Erase up to 1,000 devices with their keys, each in its own transaction
 */
export function postDevicesBatchDelete({ body }: {
    body: {
        devEuis: string[];
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            counts: {
                deleted: number;
                "unknown": number;
            };
            outcomes: {
                devEui: string;
                outcome: "deleted" | "unknown";
            }[];
        };
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/devices/batch-delete", oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * Give a device that was flashed anew its new root keys
 */
export function putDevicesByDevEuiRootKeys({ devEui, body }: {
    devEui: string;
    body: {
        /** NwkKey; for 1.0.x the AppKey. Write-only */
        nwkKey: string;
        /** AppKey; for 1.0.x the GenAppKey, if there is one. Write-only */
        appKey?: string;
        /** also forget its DevNonces and RJcount1; needs another NwkKey */
        resetsDevNonces?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Device;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/root-keys`, oazapfts.json({
        ...opts,
        method: "PUT",
        body
    })));
}
/**
 * Forget DevNonces and RJcount1 of a device that counts from 0 again
 */
export function postDevicesByDevEuiNonceReset({ devEui, body }: {
    devEui: string;
    body: {
        /** why, for the audit log */
        reason: string;
        /** although old Join-requests could then be replayed */
        force?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Device;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/nonce-reset`, oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * Root keys of a device, readable only by who has the KEK or the private key
 */
export function postDevicesByDevEuiKeyExport({ devEui, body }: {
    devEui: string;
    body: {
        /** AES key of 128, 192 or 256 bits that the receiver has */
        kek: string;
        /** name of the KEK */
        kekLabel?: string;
    } | {
        /** JWK of P-256, P-384, P-521, X25519, or RSA of 2,048 bits or more */
        publicKey: {
            kty: "EC" | "OKP" | "RSA";
            crv?: "P-256" | "P-384" | "P-521" | "X25519";
            x?: string;
            y?: string;
            n?: string;
            e?: string;
            /** goes into the header of the JWE */
            kid?: string;
            use?: "enc";
            alg?: "ECDH-ES+A256KW" | "RSA-OAEP-256";
            key_ops?: string[];
        };
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            devEui: string;
            joinEui: string;
            macVersion: string;
            /** of the root keys */
            generation: number;
            rootKeys: {
                nwkKey: KeyEnvelope;
                appKey?: KeyEnvelope;
            };
            candidateRootKeys?: {
                nwkKey: KeyEnvelope;
                appKey?: KeyEnvelope;
            };
        } | {
            devEui: string;
            joinEui: string;
            macVersion: string;
            /** of the root keys */
            generation: number;
            /** compact JWE of JSON: {devEui, joinEui, macVersion, generation, rootKeys: {nwkKey, appKey?}, candidateRootKeys?}, keys in hex */
            jwe: string;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/key-export`, oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * Start a root key update, or ask again for the one that waits for the device
 */
export function postDevicesByDevEuiRootKeyUpdate({ devEui, body }: {
    devEui: string;
    body: {
        /** rabbit, aes-cmac or hkdf-sha256 */
        suite?: string;
        /** with an X25519 exchange; default: as the policy has it */
        isHealing?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 202;
        data: {
            /** 1 to 65,535 */
            updateId: number;
            suite: string;
            status: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
            /** with an X25519 exchange */
            isHealing: boolean;
            reason: string | null;
            startedAt: string | null;
            carrier: ("mac-commands" | "application-port") | null;
            requestedBy: string | null;
            /** false: it was under way already */
            isNew: boolean;
            /** false: the server that carries it could not be reached; it gets it later */
            isDelivered: boolean;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/root-key-update`, oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * Abort the root key update that is under way
 */
export function deleteDevicesByDevEuiRootKeyUpdate({ devEui }: {
    devEui: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Device;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/root-key-update`, {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * The generations of a device and its attempts to update, newest first
 */
export function getDevicesByDevEuiRootKeyUpdates({ limit, before, devEui }: {
    limit?: number;
    before?: number;
    devEui: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: UpdateTimeline;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/root-key-updates${QS.query(QS.explode({
        limit,
        before
    }))}`, {
        ...opts
    }));
}
/**
 * Devices whose root key updates need a hand, in the order of their DevEUI
 */
export function getReportsStuckDevices({ limit, after, waitingSeconds }: {
    limit?: number;
    after?: string;
    waitingSeconds?: number;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            devices: StuckDevice[];
            next: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/reports/stuck-devices${QS.query(QS.explode({
        limit,
        after,
        waitingSeconds
    }))}`, {
        ...opts
    }));
}
/**
 * Network Servers that may ask for their devices
 */
export function getNetworkServers({ limit, after }: {
    limit?: number;
    after?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            networkServers: NetworkServer[];
            next: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/network-servers${QS.query(QS.explode({
        limit,
        after
    }))}`, {
        ...opts
    }));
}
/**
 * One Network Server
 */
export function getNetworkServersByNetId({ netId }: {
    netId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: NetworkServer;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/network-servers/${encodeURIComponent(netId)}`, {
        ...opts
    }));
}
/**
 * Add or replace a Network Server
 */
export function putNetworkServersByNetId({ netId, body }: {
    netId: string;
    body: {
        /** name of the KEK at both ends; the peer's own name when left out */
        kekLabel?: string;
        /** false: every request is refused */
        isAllowed?: boolean;
        /** how it shows that it is who its SenderID says; loopback when left out */
        authentication?: {
            kind: "loopback";
        } | {
            kind: "bearer";
            /** what the peer sends as Authorization: Bearer; write-only, kept as a hash */
            token: string;
        } | {
            kind: "mutual-tls";
            /** PEM of one or more certificates */
            ca?: string;
            /** certificates it may show; without, any that `ca` issued */
            certificateSha256?: string[];
            /** its certificate must have one of these; without, any */
            names?: string[];
        };
        rateLimit?: {
            perSecond: number;
            burst: number;
        } | null;
        /** async: as POST to the route; sync by default */
        answers?: "sync" | "async";
        route?: {
            url: string;
            /** PEM of one or more certificates */
            ca?: string;
            /** whole value of an Authorization header; write-only */
            authorization?: string;
            protocolVersion?: "1.0" | "1.1";
            /** SenderNSID, sent under 1.1 only */
            senderNsId?: string;
        } | null;
        /** short for a route of no more than this, and relaysRootKeyUpdates */
        url?: string;
        /** it is told RootKeyGeneration and sent RootKeyUpdateReq */
        relaysRootKeyUpdates?: boolean;
        /** key encryption key of 128, 192 or 256 bits; write-only */
        kek: string;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: NetworkServer;
    } | {
        status: 201;
        data: NetworkServer;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/network-servers/${encodeURIComponent(netId)}`, oazapfts.json({
        ...opts,
        method: "PUT",
        body
    })));
}
/**
 * Change some settings of a Network Server
 */
export function patchNetworkServersByNetId({ netId, body }: {
    netId: string;
    body: {
        /** name of the KEK at both ends; the peer's own name when left out */
        kekLabel?: string;
        /** false: every request is refused */
        isAllowed?: boolean;
        /** how it shows that it is who its SenderID says; loopback when left out */
        authentication?: {
            kind: "loopback";
        } | {
            kind: "bearer";
            /** what the peer sends as Authorization: Bearer; write-only, kept as a hash */
            token: string;
        } | {
            kind: "mutual-tls";
            /** PEM of one or more certificates */
            ca?: string;
            /** certificates it may show; without, any that `ca` issued */
            certificateSha256?: string[];
            /** its certificate must have one of these; without, any */
            names?: string[];
        };
        rateLimit?: {
            perSecond: number;
            burst: number;
        } | null;
        /** async: as POST to the route; sync by default */
        answers?: "sync" | "async";
        route?: {
            url: string;
            /** PEM of one or more certificates */
            ca?: string;
            /** whole value of an Authorization header; write-only */
            authorization?: string;
            protocolVersion?: "1.0" | "1.1";
            /** SenderNSID, sent under 1.1 only */
            senderNsId?: string;
        } | null;
        /** short for a route of no more than this, and relaysRootKeyUpdates */
        url?: string;
        /** it is told RootKeyGeneration and sent RootKeyUpdateReq */
        relaysRootKeyUpdates?: boolean;
        /** key encryption key of 128, 192 or 256 bits; write-only */
        kek?: string;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: NetworkServer;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/network-servers/${encodeURIComponent(netId)}`, oazapfts.json({
        ...opts,
        method: "PATCH",
        body
    })));
}
/**
 * Erase a Network Server; its devices stay and nobody may ask for them
 */
export function deleteNetworkServersByNetId({ netId }: {
    netId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 204;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/network-servers/${encodeURIComponent(netId)}`, {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * Application Servers that may ask for AppSKeys of their devices
 */
export function getApplicationServers({ limit, after }: {
    limit?: number;
    after?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            applicationServers: ApplicationServer[];
            next: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/application-servers${QS.query(QS.explode({
        limit,
        after
    }))}`, {
        ...opts
    }));
}
/**
 * One Application Server
 */
export function getApplicationServersByAsId({ asId }: {
    asId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: ApplicationServer;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/application-servers/${encodeURIComponent(asId)}`, {
        ...opts
    }));
}
/**
 * Add or replace an Application Server
 */
export function putApplicationServersByAsId({ asId, body }: {
    asId: string;
    body: {
        /** name of the KEK at both ends; the peer's own name when left out */
        kekLabel?: string;
        /** false: every request is refused */
        isAllowed?: boolean;
        /** how it shows that it is who its SenderID says; loopback when left out */
        authentication?: {
            kind: "loopback";
        } | {
            kind: "bearer";
            /** what the peer sends as Authorization: Bearer; write-only, kept as a hash */
            token: string;
        } | {
            kind: "mutual-tls";
            /** PEM of one or more certificates */
            ca?: string;
            /** certificates it may show; without, any that `ca` issued */
            certificateSha256?: string[];
            /** its certificate must have one of these; without, any */
            names?: string[];
        };
        rateLimit?: {
            perSecond: number;
            burst: number;
        } | null;
        /** async: as POST to the route; sync by default */
        answers?: "sync" | "async";
        route?: {
            url: string;
            /** PEM of one or more certificates */
            ca?: string;
            /** whole value of an Authorization header; write-only */
            authorization?: string;
            protocolVersion?: "1.0" | "1.1";
            /** SenderNSID, sent under 1.1 only */
            senderNsId?: string;
        } | null;
        appSKeyDelivery?: "envelope" | "session-key-id" | "both";
        /** it carries root key updates on an application port; false by default */
        relaysRootKeyUpdates?: boolean;
        /** that port; 199 by default */
        rootKeyFPort?: number;
        /** key encryption key of 128, 192 or 256 bits; write-only */
        kek: string;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: ApplicationServer;
    } | {
        status: 201;
        data: ApplicationServer;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/application-servers/${encodeURIComponent(asId)}`, oazapfts.json({
        ...opts,
        method: "PUT",
        body
    })));
}
/**
 * Change some settings of an Application Server
 */
export function patchApplicationServersByAsId({ asId, body }: {
    asId: string;
    body: {
        /** name of the KEK at both ends; the peer's own name when left out */
        kekLabel?: string;
        /** false: every request is refused */
        isAllowed?: boolean;
        /** how it shows that it is who its SenderID says; loopback when left out */
        authentication?: {
            kind: "loopback";
        } | {
            kind: "bearer";
            /** what the peer sends as Authorization: Bearer; write-only, kept as a hash */
            token: string;
        } | {
            kind: "mutual-tls";
            /** PEM of one or more certificates */
            ca?: string;
            /** certificates it may show; without, any that `ca` issued */
            certificateSha256?: string[];
            /** its certificate must have one of these; without, any */
            names?: string[];
        };
        rateLimit?: {
            perSecond: number;
            burst: number;
        } | null;
        /** async: as POST to the route; sync by default */
        answers?: "sync" | "async";
        route?: {
            url: string;
            /** PEM of one or more certificates */
            ca?: string;
            /** whole value of an Authorization header; write-only */
            authorization?: string;
            protocolVersion?: "1.0" | "1.1";
            /** SenderNSID, sent under 1.1 only */
            senderNsId?: string;
        } | null;
        appSKeyDelivery?: "envelope" | "session-key-id" | "both";
        /** it carries root key updates on an application port; false by default */
        relaysRootKeyUpdates?: boolean;
        /** that port; 199 by default */
        rootKeyFPort?: number;
        /** key encryption key of 128, 192 or 256 bits; write-only */
        kek?: string;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: ApplicationServer;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/application-servers/${encodeURIComponent(asId)}`, oazapfts.json({
        ...opts,
        method: "PATCH",
        body
    })));
}
/**
 * Erase an Application Server; its devices stay and nobody gets their AppSKeys
 */
export function deleteApplicationServersByAsId({ asId }: {
    asId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 204;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/application-servers/${encodeURIComponent(asId)}`, {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * JoinEUIs that are served here; every one while there is no range
 */
export function getJoinEuiRanges({ limit, after }: {
    limit?: number;
    after?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            joinEuiRanges: JoinEuiRange[];
            next: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/join-eui-ranges${QS.query(QS.explode({
        limit,
        after
    }))}`, {
        ...opts
    }));
}
/**
 * Serve the JoinEUIs that begin with these bits
 */
export function putJoinEuiRangesByFirstByBits({ first, bits }: {
    first: string;
    bits: number;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: JoinEuiRange;
    } | {
        status: 201;
        data: JoinEuiRange;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/join-eui-ranges/${encodeURIComponent(first)}/${encodeURIComponent(bits)}`, {
        ...opts,
        method: "PUT"
    }));
}
/**
 * Serve these JoinEUIs no longer; without any range left every one is served
 */
export function deleteJoinEuiRangesByFirstByBits({ first, bits }: {
    first: string;
    bits: number;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 204;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/join-eui-ranges/${encodeURIComponent(first)}/${encodeURIComponent(bits)}`, {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * Whose token this is and what it may do
 */
export function getWhoami(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            /** as the audit log calls it */
            actor: string;
            name: string;
            role: "administrator" | "operator" | "key-officer" | "auditor";
            rights: ("device:read" | "device:write" | "update:run" | "campaign:run" | "policy:write" | "key:export" | "peer:read" | "peer:write" | "token:read" | "token:manage" | "audit:read" | "vault:read" | "event:read" | "report:read")[];
            expiresAt: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/whoami", {
        ...opts
    }));
}
/**
 * API tokens, oldest first; never their text
 */
export function getTokens({ limit, after }: {
    limit?: number;
    after?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            tokens: Token[];
            next: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/tokens${QS.query(QS.explode({
        limit,
        after
    }))}`, {
        ...opts
    }));
}
/**
 * Make an API token
 */
export function postTokens({ body }: {
    body: {
        /** whose it is, or what for */
        name: string;
        role: "administrator" | "operator" | "key-officer" | "auditor";
        /** ISO 8601 with a zone; never when left out */
        expiresAt?: string;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 201;
        data: {
            id: string;
            name: string;
            role: "administrator" | "operator" | "key-officer" | "auditor";
            /** ISO 8601 in UTC */
            createdAt: string;
            expiresAt: string | null;
            /** shown once; nobody can show it again */
            token: string;
        };
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/tokens", oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * One API token
 */
export function getTokensByTokenId({ tokenId }: {
    tokenId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Token;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/tokens/${encodeURIComponent(tokenId)}`, {
        ...opts
    }));
}
/**
 * Revoke an API token; other processes follow within two seconds
 */
export function deleteTokensByTokenId({ tokenId }: {
    tokenId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 204;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/tokens/${encodeURIComponent(tokenId)}`, {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * Every change and every key read, each bound to the one before; oldest first
 */
export function getAudit({ limit, order, after, before, actor, action, subject }: {
    limit?: number;
    order?: "oldest" | "newest";
    after?: number;
    before?: number;
    actor?: string;
    action?: string;
    subject?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            entries: AuditEntry[];
            next: number | null;
            head: {
                seq: number;
                hash: string;
            } | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/audit${QS.query(QS.explode({
        limit,
        order,
        after,
        before,
        actor,
        action,
        subject
    }))}`, {
        ...opts
    }));
}
/**
 * Versions of the keys that the database is sealed under; nothing secret
 */
export function getVault(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            /** nothing new is sealed under an older one */
            leastSealingVersion: number;
            dataKeys: {
                version: number;
                /** which kind of vault has its master key */
                vault: string;
                /** ISO 8601 in UTC */
                createdAt: string;
            }[];
        };
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/vault", {
        ...opts
    }));
}
/**
 * Look for weak root keys on all devices; one report at a time
 */
export function postReportsWeakKeys(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 202;
        data: WeakKeyReport;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/reports/weak-keys", {
        ...opts,
        method: "POST"
    }));
}
/**
 * The newest report, or how far it is
 */
export function getReportsWeakKeys({ limit, after }: {
    limit?: number;
    after?: number;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: WeakKeyReport;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/reports/weak-keys${QS.query(QS.explode({
        limit,
        after
    }))}`, {
        ...opts
    }));
}
/**
 * The update policy of all devices, with its cost
 */
export function getUpdatePolicy(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            policy: UpdatePolicy;
            effective: EffectiveUpdatePolicy;
            cost: UpdatePolicyCost;
        };
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/update-policy", {
        ...opts
    }));
}
/**
 * Set the update policy of all devices
 */
export function putUpdatePolicy({ updatePolicy }: {
    updatePolicy: UpdatePolicy;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            policy: UpdatePolicy;
            effective: EffectiveUpdatePolicy;
            cost: UpdatePolicyCost;
        };
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/update-policy", oazapfts.json({
        ...opts,
        method: "PUT",
        body: updatePolicy
    })));
}
/**
 * What a policy would cost a device; nothing is stored
 */
export function postUpdatePolicyCost({ body }: {
    body: {
        policy: UpdatePolicy;
        /** device-profile: with what the policy of all devices says of the rest */
        level?: "all-devices" | "device-profile";
        region?: string;
        /** of uplinks; all when left out */
        dataRate?: number;
        /** 1.0.0 to 1.0.4, or 1.1.0 */
        macVersion?: string;
        /** automatic: MAC commands where the Network Server relays them */
        carrier?: "automatic" | "mac-commands" | "application-port";
        uplinksPerDay?: number;
        /** joins and rejoins besides those of updates */
        sessionsPerYear?: number;
        /** of frames, each way */
        loss?: number;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: UpdatePolicyCost;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/update-policy/cost", oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * Device profiles in the order of their names
 */
export function getDeviceProfiles({ limit, after }: {
    limit?: number;
    after?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            deviceProfiles: DeviceProfile[];
            next: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/device-profiles${QS.query(QS.explode({
        limit,
        after
    }))}`, {
        ...opts
    }));
}
/**
 * One device profile, with what its updates cost
 */
export function getDeviceProfilesByName({ name }: {
    name: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            name: string;
            description: string;
            updatePolicy: UpdatePolicy;
            effective: EffectiveUpdatePolicy;
            cost: UpdatePolicyCost;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/device-profiles/${encodeURIComponent(name)}`, {
        ...opts
    }));
}
/**
 * Add or replace a device profile
 */
export function putDeviceProfilesByName({ name, body }: {
    name: string;
    body: {
        /** for people */
        description?: string;
        updatePolicy: UpdatePolicy;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            name: string;
            description: string;
            updatePolicy: UpdatePolicy;
            effective: EffectiveUpdatePolicy;
            cost: UpdatePolicyCost;
        };
    } | {
        status: 201;
        data: {
            name: string;
            description: string;
            updatePolicy: UpdatePolicy;
            effective: EffectiveUpdatePolicy;
            cost: UpdatePolicyCost;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/device-profiles/${encodeURIComponent(name)}`, oazapfts.json({
        ...opts,
        method: "PUT",
        body
    })));
}
/**
 * Erase a device profile; devices that name it have none then
 */
export function deleteDeviceProfilesByName({ name }: {
    name: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 204;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/device-profiles/${encodeURIComponent(name)}`, {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * What holds for a device, from which level, and what it costs
 */
export function getDevicesByDevEuiUpdatePolicy({ devEui }: {
    devEui: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            /** empty for none */
            deviceProfile: string;
            /** false: it is not on record, and counts as none */
            isProfileKnown: boolean;
            effective: EffectiveUpdatePolicy;
            /** which level each member comes from */
            origins: {
                [key: string]: "device" | "device-profile" | "all-devices" | "default";
            };
            due: string | null;
            notBefore: string | null;
            cost: UpdatePolicyCost;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/update-policy`, {
        ...opts
    }));
}
/**
 * Report tampering with a device
 */
export function postDevicesByDevEuiSecurityEvents({ devEui, body }: {
    devEui: string;
    body: {
        kind: "tampering";
        /** what was seen, for the audit log */
        note?: string;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 202;
        data: {
            /** false: the policy of the device does not name such events */
            isUpdateWanted: boolean;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/security-events`, oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * How many devices there are and of what kind, and what needs a hand
 */
export function getOverview(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Overview;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/overview", {
        ...opts
    }));
}
/**
 * Check the hash chain of the whole audit log; one check at a time
 */
export function postReportsAuditChain(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 202;
        data: AuditChainReport;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/reports/audit-chain", {
        ...opts,
        method: "POST"
    }));
}
/**
 * The newest check of the audit log, or how far it is
 */
export function getReportsAuditChain(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: AuditChainReport;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/reports/audit-chain", {
        ...opts
    }));
}
/**
 * Joins, refusals and root key updates over time, as this process has seen them
 */
export function getActivity({ minutes }: {
    minutes?: number;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Activity;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/activity${QS.query(QS.explode({
        minutes
    }))}`, {
        ...opts
    }));
}
/**
 * The newest joins, refusals and updates of a device, as this process has seen them
 */
export function getDevicesByDevEuiActivity({ devEui }: {
    devEui: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: DeviceActivity;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/devices/${encodeURIComponent(devEui)}/activity`, {
        ...opts
    }));
}
/**
 * How this process runs: version, database, vault, listeners, limits; nothing secret
 */
export function getSettings(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Settings;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/settings", {
        ...opts
    }));
}
/**
 * Sign in to the console
 */
export function postSession({ body }: {
    body: {
        /** an API token; write-only */
        token: string;
    } | {
        /** of POST /sign-in-codes; it is used up */
        code: string;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: ConsoleSession;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/session", oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * The session of this browser, as the sign-in told it
 */
export function getSession(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: ConsoleSession;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/session", {
        ...opts
    }));
}
/**
 * Sign out: the session ends, and the event stream that it has open
 */
export function deleteSession(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 204;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/session", {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * A one-time code to sign in to the console with
 */
export function postSignInCodes(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 201;
        data: SignInCode;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/sign-in-codes", {
        ...opts,
        method: "POST"
    }));
}
/**
 * When the evaluation report was written, which is at /console/evaluation-report/
 */
export function getEvaluationReport(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: EvaluationReportState;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/evaluation-report", {
        ...opts
    }));
}
/**
 * Events as they happen, as server-sent events
 */
export function getEvents({ devEui, kinds }: {
    devEui?: string;
    kinds?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/events${QS.query(QS.explode({
        devEui,
        kinds
    }))}`, {
        ...opts
    }));
}
/**
 * The public key to seal devices to, so that only this Join Server can read them
 */
export function getImportKey(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: PublicJwk;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/import-key", {
        ...opts
    }));
}
/**
 * Devices without their keys, as text of a format
 */
export function getExports({ format, devEuiPrefix, joinEui, homeNetId, asId, text }: {
    format?: "tts-csv" | "tts-json" | "chirpstack" | "chirpstack-csv" | "warren";
    devEuiPrefix?: string;
    joinEui?: string;
    homeNetId?: string;
    asId?: string;
    text?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/exports${QS.query(QS.explode({
        format,
        devEuiPrefix,
        joinEui,
        homeNetId,
        asId,
        text
    }))}`, {
        ...opts
    }));
}
/**
 * Devices with their root keys, wrapped under a KEK or sealed to a public key
 */
export function postExports({ body }: {
    body: {
        /** docs/import-export.md says what each is */
        format?: "tts-csv" | "tts-json" | "chirpstack" | "chirpstack-csv" | "warren";
        devEuiPrefix?: string;
        /** JoinEUI */
        joinEui?: string;
        /** NetID */
        homeNetId?: string;
        /** AS-ID */
        asId?: string;
        /** part of name, description or a tag */
        text?: string;
        kek?: {
            /** what the recipient knows the KEK by */
            label: string;
            /** KEK of 128, 192 or 256 bits (RFC 3394) */
            key: string;
        };
        /** public JWK: each line of the answer is a JWE sealed to it */
        jwk?: {
            [key: string]: any;
        };
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/exports", oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * Make a campaign: new root keys for many devices, at a rate
 */
export function postCampaigns({ body }: {
    body: {
        /** drawn by the caller, so that the same request again makes no second campaign */
        id?: string;
        /** devices as GET /devices finds them; {} for all. Fixed when the campaign is made */
        query?: {
            /** first digits of the DevEUI */
            devEuiPrefix?: string;
            /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
            joinEui?: string;
            /** NetID, most significant byte first */
            homeNetId?: string;
            /** AS-ID */
            asId?: string;
            /** 1.0.0 to 1.0.4, or 1.1.0 */
            macVersion?: string;
            generation?: number;
            updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
            isDisabled?: boolean;
            /** the device profile they name; empty for none */
            deviceProfile?: string;
            /** part of the name, the description or the value of a tag; case does not matter */
            text?: string;
        };
        /** in place of a query */
        devEuis?: string[];
        /** leaves out what has newer keys */
        generationAtMost?: number;
        /** for people */
        name?: string;
        /** for people */
        description?: string;
        /** rabbit, aes-cmac or hkdf-sha256 */
        suite?: string;
        /** the kind of the updates; as its policy says for each when left out */
        isHealing?: boolean;
        /** updates started per minute */
        startsPerMinute?: number;
        /** the same for the devices of one gateway, where it is known */
        startsPerMinutePerGateway?: number;
        /** most updates under way at a time */
        maxUnderWay?: number;
        /** of the devices that go first; the others wait until these are through */
        canaryShare?: number;
        /** pauses when more of the devices that are through have failed */
        maxFailureShare?: number;
        /** and so many are through at least; not for canaries */
        minSettledForPause?: number;
        /** when updates may be started, in UTC, such as Mon-Fri 22:00-05:00; none: always */
        windows?: string[];
        /** for each device */
        maxAttempts?: number;
        /** before the second attempt; doubles with each further one */
        retryAfterMs?: number;
        /** an attempt that takes longer is given up */
        attemptTimeoutMs?: number;
        /** waits to be resumed */
        startsPaused?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: Campaign;
    } | {
        status: 201;
        data: Campaign;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/campaigns", oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * Campaigns, newest first
 */
export function getCampaigns({ limit, after }: {
    limit?: number;
    after?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            campaigns: Campaign[];
            next: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/campaigns${QS.query(QS.explode({
        limit,
        after
    }))}`, {
        ...opts
    }));
}
/**
 * How many devices a campaign would update, which, and how long its starts take
 */
export function postCampaignsPreview({ body }: {
    body: {
        /** devices as GET /devices finds them; {} for all. Fixed when the campaign is made */
        query?: {
            /** first digits of the DevEUI */
            devEuiPrefix?: string;
            /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
            joinEui?: string;
            /** NetID, most significant byte first */
            homeNetId?: string;
            /** AS-ID */
            asId?: string;
            /** 1.0.0 to 1.0.4, or 1.1.0 */
            macVersion?: string;
            generation?: number;
            updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
            isDisabled?: boolean;
            /** the device profile they name; empty for none */
            deviceProfile?: string;
            /** part of the name, the description or the value of a tag; case does not matter */
            text?: string;
        };
        /** in place of a query */
        devEuis?: string[];
        /** leaves out what has newer keys */
        generationAtMost?: number;
        /** for people */
        name?: string;
        /** for people */
        description?: string;
        /** rabbit, aes-cmac or hkdf-sha256 */
        suite?: string;
        /** the kind of the updates; as its policy says for each when left out */
        isHealing?: boolean;
        /** updates started per minute */
        startsPerMinute?: number;
        /** the same for the devices of one gateway, where it is known */
        startsPerMinutePerGateway?: number;
        /** most updates under way at a time */
        maxUnderWay?: number;
        /** of the devices that go first; the others wait until these are through */
        canaryShare?: number;
        /** pauses when more of the devices that are through have failed */
        maxFailureShare?: number;
        /** and so many are through at least; not for canaries */
        minSettledForPause?: number;
        /** when updates may be started, in UTC, such as Mon-Fri 22:00-05:00; none: always */
        windows?: string[];
        /** for each device */
        maxAttempts?: number;
        /** before the second attempt; doubles with each further one */
        retryAfterMs?: number;
        /** an attempt that takes longer is given up */
        attemptTimeoutMs?: number;
        /** waits to be resumed */
        startsPaused?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: CampaignPreview;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/campaigns/preview", oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * One campaign and how far it is
 */
export function getCampaignsByCampaignId({ campaignId }: {
    campaignId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            id: string;
            name: string;
            description: string;
            state: "preparing" | "running" | "paused" | "finished" | "aborted";
            pauseReason: string | null;
            /** as the audit log calls them */
            createdBy: string;
            /** ISO 8601 in UTC */
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
            /** the canaries are through, the others follow */
            isCanaryOver: boolean;
            query: {
                /** first digits of the DevEUI */
                devEuiPrefix?: string;
                /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
                joinEui?: string;
                /** NetID, most significant byte first */
                homeNetId?: string;
                /** AS-ID */
                asId?: string;
                /** 1.0.0 to 1.0.4, or 1.1.0 */
                macVersion?: string;
                generation?: number;
                updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
                isDisabled?: boolean;
                /** the device profile they name; empty for none */
                deviceProfile?: string;
                /** part of the name, the description or the value of a tag; case does not matter */
                text?: string;
            } | null;
            listedDevices: number | null;
            generationAtMost: number | null;
            suite: string | null;
            isHealing: boolean | null;
            startsPerMinute: number;
            startsPerMinutePerGateway: number;
            maxUnderWay: number;
            canaryShare: number;
            maxFailureShare: number;
            minSettledForPause: number;
            windows: string[];
            maxAttempts: number;
            retryAfterMs: number;
            attemptTimeoutMs: number;
            startsPaused: boolean;
            abortsUpdates: boolean;
            progress: CampaignProgress;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/campaigns/${encodeURIComponent(campaignId)}`, {
        ...opts
    }));
}
/**
 * Forget a campaign that has ended, with its report
 */
export function deleteCampaignsByCampaignId({ campaignId }: {
    campaignId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 204;
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/campaigns/${encodeURIComponent(campaignId)}`, {
        ...opts,
        method: "DELETE"
    }));
}
/**
 * Its devices in the order of their DevEUI: what became of each, why, and what to do
 */
export function getCampaignsByCampaignIdDevices({ state, limit, after, campaignId }: {
    state?: "waiting" | "under-way" | "updated" | "failed" | "skipped";
    limit?: number;
    after?: string;
    campaignId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            devices: CampaignDevice[];
            next: string | null;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/campaigns/${encodeURIComponent(campaignId)}/devices${QS.query(QS.explode({
        state,
        limit,
        after
    }))}`, {
        ...opts
    }));
}
/**
 * Start no more updates; those under way go on
 */
export function postCampaignsByCampaignIdPause({ campaignId }: {
    campaignId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            id: string;
            name: string;
            description: string;
            state: "preparing" | "running" | "paused" | "finished" | "aborted";
            pauseReason: string | null;
            /** as the audit log calls them */
            createdBy: string;
            /** ISO 8601 in UTC */
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
            /** the canaries are through, the others follow */
            isCanaryOver: boolean;
            query: {
                /** first digits of the DevEUI */
                devEuiPrefix?: string;
                /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
                joinEui?: string;
                /** NetID, most significant byte first */
                homeNetId?: string;
                /** AS-ID */
                asId?: string;
                /** 1.0.0 to 1.0.4, or 1.1.0 */
                macVersion?: string;
                generation?: number;
                updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
                isDisabled?: boolean;
                /** the device profile they name; empty for none */
                deviceProfile?: string;
                /** part of the name, the description or the value of a tag; case does not matter */
                text?: string;
            } | null;
            listedDevices: number | null;
            generationAtMost: number | null;
            suite: string | null;
            isHealing: boolean | null;
            startsPerMinute: number;
            startsPerMinutePerGateway: number;
            maxUnderWay: number;
            canaryShare: number;
            maxFailureShare: number;
            minSettledForPause: number;
            windows: string[];
            maxAttempts: number;
            retryAfterMs: number;
            attemptTimeoutMs: number;
            startsPaused: boolean;
            abortsUpdates: boolean;
            progress: CampaignProgress;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/campaigns/${encodeURIComponent(campaignId)}/pause`, {
        ...opts,
        method: "POST"
    }));
}
/**
 * Go on, or start one that waits; the failures so far no longer pause it
 */
export function postCampaignsByCampaignIdResume({ campaignId }: {
    campaignId: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            id: string;
            name: string;
            description: string;
            state: "preparing" | "running" | "paused" | "finished" | "aborted";
            pauseReason: string | null;
            /** as the audit log calls them */
            createdBy: string;
            /** ISO 8601 in UTC */
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
            /** the canaries are through, the others follow */
            isCanaryOver: boolean;
            query: {
                /** first digits of the DevEUI */
                devEuiPrefix?: string;
                /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
                joinEui?: string;
                /** NetID, most significant byte first */
                homeNetId?: string;
                /** AS-ID */
                asId?: string;
                /** 1.0.0 to 1.0.4, or 1.1.0 */
                macVersion?: string;
                generation?: number;
                updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
                isDisabled?: boolean;
                /** the device profile they name; empty for none */
                deviceProfile?: string;
                /** part of the name, the description or the value of a tag; case does not matter */
                text?: string;
            } | null;
            listedDevices: number | null;
            generationAtMost: number | null;
            suite: string | null;
            isHealing: boolean | null;
            startsPerMinute: number;
            startsPerMinutePerGateway: number;
            maxUnderWay: number;
            canaryShare: number;
            maxFailureShare: number;
            minSettledForPause: number;
            windows: string[];
            maxAttempts: number;
            retryAfterMs: number;
            attemptTimeoutMs: number;
            startsPaused: boolean;
            abortsUpdates: boolean;
            progress: CampaignProgress;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/campaigns/${encodeURIComponent(campaignId)}/resume`, {
        ...opts,
        method: "POST"
    }));
}
/**
 * End a campaign for ever; updates under way come to their own end, or are ended
 */
export function postCampaignsByCampaignIdAbort({ campaignId, body }: {
    campaignId: string;
    body: {
        /** also ends the updates that are under way */
        abortsUpdates?: boolean;
    };
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            id: string;
            name: string;
            description: string;
            state: "preparing" | "running" | "paused" | "finished" | "aborted";
            pauseReason: string | null;
            /** as the audit log calls them */
            createdBy: string;
            /** ISO 8601 in UTC */
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
            /** the canaries are through, the others follow */
            isCanaryOver: boolean;
            query: {
                /** first digits of the DevEUI */
                devEuiPrefix?: string;
                /** JoinEUI (AppEUI before 1.0.4), most significant byte first */
                joinEui?: string;
                /** NetID, most significant byte first */
                homeNetId?: string;
                /** AS-ID */
                asId?: string;
                /** 1.0.0 to 1.0.4, or 1.1.0 */
                macVersion?: string;
                generation?: number;
                updateStatus?: "prepared" | "accepted" | "confirmed" | "committed" | "failed";
                isDisabled?: boolean;
                /** the device profile they name; empty for none */
                deviceProfile?: string;
                /** part of the name, the description or the value of a tag; case does not matter */
                text?: string;
            } | null;
            listedDevices: number | null;
            generationAtMost: number | null;
            suite: string | null;
            isHealing: boolean | null;
            startsPerMinute: number;
            startsPerMinutePerGateway: number;
            maxUnderWay: number;
            canaryShare: number;
            maxFailureShare: number;
            minSettledForPause: number;
            windows: string[];
            maxAttempts: number;
            retryAfterMs: number;
            attemptTimeoutMs: number;
            startsPaused: boolean;
            abortsUpdates: boolean;
            progress: CampaignProgress;
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/campaigns/${encodeURIComponent(campaignId)}/abort`, oazapfts.json({
        ...opts,
        method: "POST",
        body
    })));
}
/**
 * This document
 */
export function getOpenapiJson(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
    } | {
        status: number;
        data: Problem;
    }>("/api/v1/openapi.json", {
        ...opts
    }));
}
/**
 * Adds the devices of a text in one transaction; see docs/import-export.md
 */
export function postImports({ format, dryRun, skipErrors, only, joinEui, homeNetId, asId, macVersion }: {
    format?: "tts-csv" | "tts-json" | "chirpstack" | "chirpstack-csv" | "warren" | "jwe";
    dryRun?: "true" | "false";
    skipErrors?: "true" | "false";
    only?: "problems";
    joinEui?: string;
    homeNetId?: string;
    asId?: string;
    macVersion?: string;
}, opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
        data: {
            /** as which the text was read */
            format: "tts-csv" | "tts-json" | "chirpstack" | "chirpstack-csv" | "warren" | "jwe";
            isDryRun: boolean;
            /** false: nothing was created */
            isWritten: boolean;
            counts: {
                /** or would be */
                created: number;
                /** on record just so */
                unchanged: number;
                /** on record with other settings or keys, which were left as they are */
                different: number;
                /** cannot be imported */
                error: number;
            };
            /** in the order of the body */
            records: ImportedRecord[];
        };
    } | {
        status: number;
        data: Problem;
    }>(`/api/v1/imports${QS.query(QS.explode({
        format,
        dryRun,
        skipErrors,
        only,
        joinEui,
        homeNetId,
        asId,
        macVersion
    }))}`, {
        ...opts,
        method: "POST"
    }));
}
/**
 * Roles: administrator, operator, key-officer, auditor (right report:read).
 */
export function getMetrics(opts?: Oazapfts.RequestOpts) {
    return oazapfts.ok(oazapfts.fetchJson<{
        status: 200;
    } | {
        status: number;
        data: Problem;
    }>("/metrics", {
        ...opts
    }));
}
