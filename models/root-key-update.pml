/*
 * The root key update (docs/root-key-update.md, sections 4, 6 and 7) between one end-device and its Join
 * Server, over a network that is the attacker. What is left out, and why that is sound: models/README.md.
 *
 * A key is a number: 0 are the factory keys, a is what the device derives in attempt a, LAST + a what a
 * faulty device derives when it takes the same request again. A MIC is the equality of such numbers.
 * The network remembers everything ever sent, so messages are marks that are never taken back.
 *
 * join-server.pml and end-device.pml have the rules, attacker.pml what can happen and what must hold; recovery.pml
 * or fair-network.pml what comes after the attacker.
 *
 * Switches (-D): ATTEMPTS, WRONG_MICS, BOUND (a Join-Accept fits its Join-Request alone), COUNTER (DevNonce
 * counts; otherwise it is drawn and remembered), KEEPS_SESSION (the device stays in its session until a new
 * one takes its place; otherwise it leaves it to join), REACH (events that must be possible), one mutant M_...,
 * and what is checked: INVARIANT, STRONG, RECOVERY, WITHHELD, FAIR.
 */

#ifndef ATTEMPTS
#define ATTEMPTS 2
#endif
#ifndef WRONG_MICS
#define WRONG_MICS 3
#endif

/* One attempt more than the attacker sees: the one that must go through when the network is honest again. */
#define LAST (ATTEMPTS + 1)
#define KEYS (2 * LAST + 1)
#define NO 255

/* Events that must be possible, as the bits of REACH: a run with it has to fail. */
#define CONFIRMED 1
#define COMMITTED 2
#define COMMITTED_TWICE 4
#define JOINED_AGAIN 8             /* under the candidate, after the Join-Accept that committed it was lost */
#define SWITCHED 16
#define CANDIDATE_KEPT 32
#define FAILED_BY_JOIN 64
#define ABORTED 128
#define WRONG_MICS_END_UPDATE 256
#define READY_ANS_TAKEN 512
#define OLD_REQUEST_ACCEPTED 1024
#define OLD_ACCEPT_TAKEN 2048      /* not with BOUND */
#define TWO_COMMITS (COMMITTED_TWICE | JOINED_AGAIN | SWITCHED)
#define FAILED_AND_COMMITTED (FAILED_BY_JOIN | CANDIDATE_KEPT | COMMITTED | SWITCHED)
#define ABORTED_AND_WRONG (ABORTED | WRONG_MICS_END_UPDATE | READY_ANS_TAKEN | OLD_REQUEST_ACCEPTED)
#ifdef REACH
int seen = 0;
#define SEEN(event) seen = seen | event
#else
#define SEEN(event) skip
#endif

#define must(condition, name) \
  if \
  :: condition \
  :: else -> printf("VIOLATED: "); printf(#name); printf("\n"); assert(false) \
  fi

/* The ages of a session, as the Join Server sees it: it keeps the two newest. An older one it has only if a
   frame has proven it. FOREIGN is that of a device that took the Join-Accept of another request. */
#define NONE 0
#define NEWEST 1
#define SECOND 2
#define OLDER 3
#define FOREIGN 4

mtype = { idle, prepared, accepted, confirmed, committed, failed };

/* Join Server, durable. */
byte jsCurrent = 0;
byte jsCandidate = NO;
mtype jsStatus = idle;
byte attempt = 0;             /* the attempt of the update record */
byte jsUpdateId = 0;
byte wrongMics = 0;
byte updateIdOf[LAST + 1];    /* what each attempt was started with */
byte baseOf[LAST + 1];        /* the current keys it was started under */

/* End-device, durable. */
byte current = 0;
byte candidate = NO;
bool isConfirmed = false;
byte lastUpdateId = 0;
byte joinTry = 0;             /* of three: two under the candidate, one under the current keys */

/* End-device, lost when it restarts (the session may be kept). */
byte session = NEWEST;
byte requestKey = NO;         /* keys of the outstanding Join-Request */
bool isCandidateRequest = false;

/* Network: everything ever sent. */
byte readyFrom[KEYS];         /* NewKeyReadyReq under these keys: the age of its session, NONE if never made */
bool readyAns[KEYS];          /* NewKeyReadyAns under these keys */
byte newestKey = NO;          /* the newest Join-Request: its keys, ... */
bool isNewestUnused = false;  /* ... whether its DevNonce is unused, ... */
byte newestAnswer = NONE;     /* ... and, once answered, the age of the session its Join-Accept gives */
byte unused[KEYS];            /* older Join-Requests whose DevNonce is unused: none, one, more */
bool oldAccept[KEYS];         /* a Join-Accept that answered an older Join-Request */

hidden byte i;
hidden byte tries;

#if defined(M_DEVICE_TAKES_UPDATE_ID_AGAIN) || defined(M_REQUEST_WITHOUT_MIC) || defined(M_LAST_UPDATE_ID_VOLATILE)
#define REDERIVES
#endif

#define isWaiting (jsStatus == prepared || jsStatus == accepted)
#define isUnderWay (isWaiting || jsStatus == confirmed)
#define isInSession (session != NONE && session != FOREIGN)

#ifdef M_DEVICE_TRIES_UNCONFIRMED
#define isTried (candidate != NO)
#else
#define isTried (candidate != NO && isConfirmed)
#endif

#include "join-server.pml"
#include "end-device.pml"
#include "attacker.pml"
#ifdef FAIR
#include "fair-network.pml"
#else
#include "recovery.pml"
#endif
