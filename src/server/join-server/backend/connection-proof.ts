import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { FastifyRequest } from "fastify";
import type { Clock } from "../../../clock.ts";
import { equalBytes } from "../../../crypto/constant-time.ts";
import { sha256 } from "../../../crypto/sha256.ts";
import type { SenderProof } from "../../../join-server/senders/sender-proof.ts";
import { parseHex } from "../../../lorawan/hex.ts";
import { isLoopback } from "../../tls/loopback.ts";
import { ClientCertificate } from "./client-certificate.ts";

/** What is the same for every request of a connection, found out when it is first asked for. */
interface Connection {
  readonly isLocal: boolean;
  readonly certificate: ClientCertificate | undefined;
}

/**
 * A proxy of this machine puts one of these in, and then the sender is somebody else. So does a browser: a page
 * of anybody's can make it ask (DNS rebinding).
 */
const HEADERS_OF_OTHERS = [
  ...["forwarded", "via", "x-real-ip", "x-client-ip", "cf-connecting-ip"],
  ...["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
  ...["origin", "sec-fetch-site"],
];

const connections = new WeakMap<Socket, Connection>();

/** What a request shows of its sender. */
export function proofOf(request: FastifyRequest, clock: Clock): SenderProof {
  return {
    address: request.ip,
    fulfils(authentication) {
      switch (authentication.kind) {
        case "loopback":
          return connectionOf(request.socket).isLocal && !isProxied(request.headers);
        case "bearer":
          return isBearer(request.headers.authorization, authentication.tokenHash);
        case "mutual-tls":
          return (
            connectionOf(request.socket).certificate?.fulfils(authentication, clock.now()) ?? false
          );
      }
    },
  };
}

function connectionOf(socket: Socket): Connection {
  let connection = connections.get(socket);
  if (connection === undefined) {
    connection = {
      isLocal: isLoopback(socket.remoteAddress ?? ""),
      certificate: socket instanceof TLSSocket ? ClientCertificate.of(socket) : undefined,
    };
    connections.set(socket, connection);
  }
  return connection;
}

function isProxied(headers: IncomingHttpHeaders): boolean {
  return HEADERS_OF_OTHERS.some((name) => headers[name] !== undefined);
}

/** @param tokenHash SHA-256 in hex */
function isBearer(authorization: string | undefined, tokenHash: string): boolean {
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return equalBytes(sha256(token), parseHex(tokenHash));
}
