import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Certificate } from "../../../api/generated/warren-api.ts";
import { Facts } from "../../../components/facts.tsx";
import { Identifier } from "../../../components/identifier.tsx";
import { Time } from "../../../components/time.tsx";
import type { Peer } from "../peer-queries.ts";
import { CertificateList } from "./certificate-list.tsx";

const AUTHENTICATION = {
  loopback: "asks from this machine itself (loopback)",
  bearer: "bearer token, kept as a hash",
  "mutual-tls": "client certificate (mutual TLS)",
} as const;

const DELIVERY = {
  envelope: "with the JoinAns, wrapped (envelope)",
  "session-key-id": "it asks, by SessionKeyID",
  both: "with the JoinAns, and it may ask (both)",
} as const;

/** The settings of a peer; of secrets a fingerprint, or that there is one. */
export function PeerFacts({ peer }: { readonly peer: Peer }) {
  return (
    <Facts
      facts={[
        ["Last contact", <LastContact key="contact" peer={peer} />],
        ["Shows who it is by", AUTHENTICATION[peer.authentication.kind]],
        ["Names its certificate may have", names(peer)],
        ["KEK", <Kek key="kek" peer={peer} />],
        ["Root key updates", relaying(peer)],
        [
          "AppSKey",
          peer.kind === "application-server" ? DELIVERY[peer.appSKeyDelivery] : undefined,
        ],
        ["Rate limit", rateLimit(peer)],
        ["Answers", peer.answers === "sync" ? "synchronous" : "asynchronous, to its route"],
        ["Route for our messages", <Route key="route" peer={peer} />],
        // What is tall comes last, side by side.
        ...certificateFacts(peer),
      ]}
    />
  );
}

function LastContact({ peer }: { readonly peer: Peer }) {
  const { lastContactAt, lastContactAddress } = peer;
  return (
    <>
      <Time at={lastContactAt} never="none since this server started" />
      {lastContactAddress !== null && ` from ${lastContactAddress}`}
    </>
  );
}

function Kek({ peer: { kekLabel, kekFingerprint } }: { readonly peer: Peer }) {
  return (
    <>
      {kekLabel}, fingerprint <Identifier>{kekFingerprint}</Identifier>
    </>
  );
}

function names({ authentication }: Peer): string | undefined {
  const { names = [] } = authentication;
  return names.length > 0 ? names.join(", ") : undefined;
}

function certificateFacts({ authentication, route }: Peer): [string, ReactNode][] {
  const { certificateSha256 = [] } = authentication;
  return [
    ["CA of its certificates", certificates(authentication.ca)],
    [
      "Certificates it may show (SHA-256)",
      certificateSha256.length > 0 ? certificateSha256.map(fingerprint) : undefined,
    ],
    ["CA of its listener", certificates(route?.ca)],
  ];
}

function certificates(list: readonly Certificate[] = []): ReactNode {
  return list.length > 0 ? <CertificateList certificates={list} /> : undefined;
}

function fingerprint(sha256: string): ReactNode {
  return (
    <div key={sha256}>
      <Identifier>{sha256}</Identifier>
    </div>
  );
}

function relaying(peer: Peer): string {
  if (!peer.relaysRootKeyUpdates) return "not relayed";
  if (peer.kind === "network-server") return "relayed as MAC commands";
  return `relayed on FPort ${peer.rootKeyFPort}`;
}

function rateLimit({ rateLimit }: Peer): string {
  if (rateLimit === null) return "as the configuration has it";
  return `${rateLimit.perSecond} requests a second, ${rateLimit.burst} at once`;
}

function Route({ peer: { route } }: { readonly peer: Peer }) {
  if (route === null) return <>none</>;
  const { url, protocolVersion, senderNsId, hasAuthorization } = route;
  return (
    <>
      {url}
      <Text component="div" size="xs" c="dimmed">
        Backend Interfaces {protocolVersion}
        {senderNsId !== null && `, SenderNSID ${senderNsId}`}
        {hasAuthorization && ", with an Authorization header"}
      </Text>
    </>
  );
}
