/*
 * The root key update (docs/root-key-update.md, sections 4, 6 and 7) between one end-device and its Join
 * Server, over a network that is the attacker. What is left out, and why that is sound: models/README.md.
 *
 * A key is a number: 0 are the factory keys, a is what the device derives in attempt a, LAST + a what a
 * faulty device derives when it takes the same request again. A MIC is the equality of such numbers.
 * The network remembers everything ever sent, so messages are marks that are never taken back.
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

/* ---- Join Server -------------------------------------------------------------------------------- */

/* Rule 1. The request itself needs no mark: whoever knows the attempt has it. */
inline startUpdate() {
  attempt++;
#ifdef M_UPDATE_ID_RESTARTS
  jsUpdateId = 1;
#else
  jsUpdateId++;
#endif
  updateIdOf[attempt] = jsUpdateId;
  baseOf[attempt] = jsCurrent;
#ifndef M_JS_KEEPS_CANDIDATE_AT_START
  jsCandidate = NO;
#endif
  jsStatus = prepared;
  wrongMics = 0;
  printf("Join Server: starts attempt %d, RootKeyUpdateReq leaves\n", attempt)
}

/* Rules 2, 3, 5. */
inline failUpdate() {
  jsStatus = failed;
  jsCandidate = NO
}

inline countWrongMic() {
  wrongMics++;
  printf("Join Server: wrong NewKeyReadyReq number %d\n", wrongMics);
  if
  :: wrongMics >= WRONG_MICS -> SEEN(WRONG_MICS_END_UPDATE); failUpdate(); wrongMics = 0
  :: else
  fi
}

/* Rule 3: the proof fits, the candidate is stored, then the answer leaves. */
inline confirm(k) {
  SEEN(CONFIRMED);
#ifdef M_JS_ERASES_AT_READY
  jsCurrent = k;
  jsStatus = committed;
#else
  jsCandidate = k;
  jsStatus = confirmed;
#endif
  wrongMics = 0;
  readyAns[k] = true;
  printf("Join Server: NewKeyReadyReq fits, has keys %d, NewKeyReadyAns leaves\n", k)
}

/* Derived from other keys or in a session that the Join Server has not, the keys differ. */
#define canFit(k) (baseOf[attempt] == jsCurrent && readyFrom[k] != FOREIGN)

inline grow(age) {
  if
  :: age == NEWEST -> age = SECOND
  :: age == SECOND -> age = OLDER
  :: else
  fi
}

/* Only NewKeyReadyReqs of the present attempt can still be of use. */
inline addSession() {
  grow(session);
  grow(newestAnswer);
  grow(readyFrom[attempt]);
  grow(readyFrom[LAST + attempt])
}

/* Rule 4, for a Join-Request that verifies under keys k and whose DevNonce is fresh. */
inline acceptJoin(k) {
  if
  :: jsCandidate != NO && k == jsCandidate ->
     SEEN(COMMITTED);
     if
     :: jsCurrent > 0 -> SEEN(COMMITTED_TWICE)
     :: else
     fi;
#ifdef M_JS_ACCEPTS_BEFORE_STORING
     if
     :: jsCurrent = jsCandidate; jsCandidate = NO; jsStatus = committed
     :: printf("Join Server: restarts before it has stored the commit\n")
     fi;
#else
     jsCurrent = jsCandidate;
     jsCandidate = NO;
     jsStatus = committed;
#endif
     printf("Join Server: Join-Accept under keys %d, committed\n", k)
  :: else ->
     if
#ifndef M_JS_KEEPS_CANDIDATE_AT_JOIN
     :: jsStatus == confirmed -> SEEN(FAILED_BY_JOIN); failUpdate()
#endif
     :: else
     fi;
     if
     :: k == candidate -> SEEN(JOINED_AGAIN)
     :: else
     fi;
     printf("Join Server: Join-Accept under keys %d\n", k)
  fi;
  addSession()
}

#define verifies(k) (k == jsCurrent || (jsCandidate != NO && k == jsCandidate))

inline acceptNewestRequest() {
  acceptJoin(newestKey);
  newestAnswer = NEWEST;
#ifndef M_DEV_NONCE_REPLAYED
  isNewestUnused = false;
#ifdef COUNTER
  clearUnused();
#endif
#endif
}

#define hasOldRequest (unused[jsCurrent] > 0 || (jsCandidate != NO && unused[jsCandidate] > 0))

/* Of a counter, lower ones are used up as well; to leave them is to give the attacker more. */
inline acceptOldRequest() {
  SEEN(OLD_REQUEST_ACCEPTED);
  if
  :: unused[jsCurrent] > 0 -> i = jsCurrent
  :: jsCandidate != NO && unused[jsCandidate] > 0 -> i = jsCandidate
  fi;
  oldAccept[i] = true;
#ifndef M_DEV_NONCE_REPLAYED
  if
  :: unused[i]--
  :: unused[i] > 1
  fi;
#endif
  acceptJoin(i);
  i = 0
}

inline clearUnused() {
  i = 0;
  do
  :: i < KEYS -> unused[i] = 0; i++
  :: else -> break
  od;
  i = 0
}

/* ---- End-device --------------------------------------------------------------------------------- */

#if defined(M_DEVICE_TAKES_UPDATE_ID_AGAIN) || defined(M_REQUEST_WITHOUT_MIC)
#define isNew(a) true
#else
#define isNew(a) (updateIdOf[a] > lastUpdateId)
#endif
#ifdef M_REQUEST_WITHOUT_MIC
#define isGenuine(a) true
#else
#define isGenuine(a) (baseOf[a] == current)
#endif
/* A request taken for a third time gives nothing new to find. */
#define takesRequest(a) (attempt >= a && session != NONE && isNew(a) && isGenuine(a) && readyFrom[LAST + a] == NONE)

/* Rule 1: a request of the Join Server, the first time it comes. */
inline receiveRequest(a) {
  if
  :: readyFrom[a] == NONE -> candidate = a
  :: else -> candidate = LAST + a
  fi;
  isConfirmed = false;
  lastUpdateId = updateIdOf[a];
  joinTry = 0;
  readyFrom[candidate] = session;
  printf("end-device: RootKeyUpdateReq %d taken, NewKeyReadyReq under keys %d leaves\n", a, candidate)
}

#define takesReadyAns (session != NONE && candidate != NO && !isConfirmed && readyAns[candidate])

/* Rule 2. */
inline receiveReadyAns() {
  SEEN(READY_ANS_TAKEN);
#ifdef M_DEVICE_SWITCHES_AT_READY_ANS
  current = candidate;
  candidate = NO;
#else
  isConfirmed = true;
#endif
  joinTry = 0;
  session = NONE;
  printf("end-device: NewKeyReadyAns taken, leaves the session\n")
}

/* Rules 3 and 6. */
inline sendJoinRequest() {
  if
  :: newestKey != NO && isNewestUnused ->
     if
     :: unused[newestKey] < 2 -> unused[newestKey]++
     :: else
     fi
  :: else
  fi;
  if
  :: newestKey != NO && newestAnswer != NONE -> oldAccept[newestKey] = true
  :: else
  fi;
  if
  :: isTried -> joinTry = (joinTry + 1) % 3
  :: else
  fi;
#ifdef M_DEVICE_TRIES_CANDIDATE_ALONE
  isCandidateRequest = isTried;
#else
  isCandidateRequest = (isTried && joinTry != 0);
#endif
  requestKey = (isCandidateRequest -> candidate : current);
  newestKey = requestKey;
  isNewestUnused = true;
  newestAnswer = NONE;
#ifndef KEEPS_SESSION
  session = NONE;
#endif
  printf("end-device: Join-Request under keys %d\n", requestKey)
}

#define takesAccept (requestKey != NO && newestAnswer != NONE)
#ifdef BOUND
#define takesOldAccept false
#else
#define takesOldAccept (requestKey != NO && oldAccept[requestKey])
#endif

/* Rules 4 and 5. */
inline receiveAccept(age) {
  if
  :: isCandidateRequest ->
     SEEN(SWITCHED);
     must(candidate == requestKey, candidate replaced);  /* no newer request can have come by now */
     current = candidate;
     candidate = NO;
     isConfirmed = false
  :: else ->
     if
     :: isTried -> SEEN(CANDIDATE_KEPT)
     :: else
     fi;
#ifdef M_DEVICE_DROPS_CANDIDATE
     candidate = NO;
     isConfirmed = false;
#endif
  fi;
  session = age;
  joinTry = 0;
  requestKey = NO;
  isCandidateRequest = false;
  printf("end-device: Join-Accept taken, current keys %d, candidate %d\n", current, candidate)
}

inline restartDevice() {
  requestKey = NO;
  isCandidateRequest = false;
#ifdef M_CANDIDATE_VOLATILE
  candidate = NO;
  isConfirmed = false;
#endif
#ifdef M_CONFIRMATION_VOLATILE
  isConfirmed = false;
#endif
#ifdef M_LAST_UPDATE_ID_VOLATILE
  lastUpdateId = 0;
#endif
  printf("end-device: restarts\n")
}

/* The Join Server keeps nothing that is not durable; a faulty one does. */
inline restartServer() {
#ifdef M_JS_CANDIDATE_VOLATILE
  if
  :: jsStatus == confirmed -> jsStatus = prepared; jsCandidate = NO
  :: else
  fi;
#endif
  printf("Join Server: restarts\n")
}

/* ---- What must hold ----------------------------------------------------------------------------- */

inline checkAlways() {
#ifdef INVARIANT
  must(jsCurrent == current || (candidate != NO && jsCurrent == candidate), invariant);
#endif
#ifdef STRONG
  must(jsCurrent == current || (isTried && jsCurrent == candidate), strong invariant);
  must((jsCandidate != NO) == (jsStatus == confirmed), candidate outside confirmed);
  must(lastUpdateId <= jsUpdateId, UpdateID never given);
#endif
#ifdef REACH
  must((seen & REACH) != REACH, all of it happened);
#endif
  skip
}

/* ---- The attacker's moves ----------------------------------------------------------------------- */

#if ATTEMPTS > 4
#error "the attacker's moves name four attempts"
#endif

#define REQUEST(a) :: takesRequest(a) -> receiveRequest(a)

#if ATTEMPTS == 1
#define REQUESTS REQUEST(1)
#elif ATTEMPTS == 2
#define REQUESTS REQUEST(1) REQUEST(2)
#elif ATTEMPTS == 3
#define REQUESTS REQUEST(1) REQUEST(2) REQUEST(3)
#else
#define REQUESTS REQUEST(1) REQUEST(2) REQUEST(3) REQUEST(4)
#endif

/* Everything that people, devices and the network can do, in any order and as often as they like. */
inline move() {
  if
  :: attempt < ATTEMPTS -> startUpdate()
  :: isUnderWay -> SEEN(ABORTED); failUpdate(); printf("operator: aborts, or the update expires\n")
  :: jsStatus == prepared -> jsStatus = accepted; printf("network: RootKeyUpdateAns, accepted\n")
  :: jsStatus == prepared -> failUpdate(); printf("network: RootKeyUpdateAns, refused (perhaps forged)\n")
  :: isWaiting -> countWrongMic()
  :: isWaiting && readyFrom[attempt] != NONE && canFit(attempt) -> confirm(attempt)
#ifdef REDERIVES
  :: isWaiting && readyFrom[LAST + attempt] != NONE && canFit(LAST + attempt) -> confirm(LAST + attempt)
#endif
  :: isNewestUnused && verifies(newestKey) -> acceptNewestRequest()
  :: hasOldRequest -> acceptOldRequest()
  REQUESTS
  :: takesReadyAns -> receiveReadyAns()
  :: takesAccept -> receiveAccept(newestAnswer)
  :: takesOldAccept -> SEEN(OLD_ACCEPT_TAKEN); receiveAccept(FOREIGN)
  :: true -> sendJoinRequest()
  :: true -> restartDevice()
  :: true -> restartDevice(); session = NONE
  :: true -> restartServer()
  fi;
  checkAlways()
}

#ifndef FAIR

/* ---- The attacker gives up at any moment, and the device must get in ---------------------------- */

/* A Join-Request and all that comes of it, at once. */
inline joinHonestly() {
  sendJoinRequest();
  if
  :: verifies(newestKey) -> acceptNewestRequest(); receiveAccept(newestAnswer)
  :: else
  fi
}

/* Up to two Join-Requests that were held back, or that come again where that is accepted: as many as push a
   session out of the two newest. */
inline deliverWithheld() {
#ifdef WITHHELD
  deliverOneWithheld();
  deliverOneWithheld()
#else
  skip
#endif
}

inline deliverOneWithheld() {
  if
  :: hasOldRequest -> acceptOldRequest()
#ifdef M_DEV_NONCE_REPLAYED
  :: isNewestUnused && verifies(newestKey) -> acceptJoin(newestKey)
#endif
  :: true
  fi
}

inline joinWithinThree() {
  tries = 0;
  do
  :: session == NONE && tries < 3 -> tries++; joinHonestly()
  :: else -> break
  od;
  tries = 0;
  must(session != NONE, device lost);
  must(jsCurrent == current, keys differ in a session)
}

inline recover() {
  printf("the network is honest from here\n");
  restartDevice();
  session = NONE;
  do
  :: true ->
     joinWithinThree();
     if
     :: attempt == LAST -> break
     :: else -> attempt = ATTEMPTS
     fi;
     startUpdate();
     must(takesRequest(attempt), request ignored);
     receiveRequest(attempt);
     deliverWithheld();
     must(canFit(candidate) && readyFrom[candidate] != OLDER, proof fits no session);
     confirm(candidate);
     deliverWithheld();
     receiveReadyAns()
  od;
  must(jsStatus == committed && candidate == NO, update not committed)
}

active proctype world() {
  do
  :: atomic { move() }
#ifdef RECOVERY
  :: break
#endif
  od;
#ifdef RECOVERY
  atomic { recover() }
#endif
}

#else

/* ---- The attacker gives up at some moment, and everything goes its way in any order -------------- */

bool isHonest = false;
/* The device has sent NewKeyReadyReq eight times and sends it no more. */
bool isSpent = false;
/* The attempt under way was started on the honest network. */
bool isFresh = false;

active proctype attacker() {
  do
  :: atomic { move() }
  :: isSpent = true
  :: atomic { isHonest = true; break }
  od
}

active proctype downlinks() {
  do
  :: atomic { isHonest && isInSession && isWaiting && takesRequest(attempt) -> receiveRequest(attempt); isSpent = false }
  :: atomic { isHonest && isInSession && takesReadyAns -> receiveReadyAns() }
  od
}

active proctype uplinks() {
  do
  :: atomic { isHonest && isInSession && isWaiting && candidate == attempt && !isConfirmed && !isSpent ->
       if
       :: canFit(attempt) -> confirm(attempt)
       :: !canFit(attempt) || readyFrom[attempt] == OLDER -> countWrongMic()
       fi }
  od
}

active proctype joinRequests() {
  do
  :: atomic { isHonest && requestKey != NO && isNewestUnused ->
       if
       :: verifies(newestKey) -> acceptNewestRequest()
       :: else -> isNewestUnused = false; requestKey = NO; isCandidateRequest = false
       fi }
  od
}

active proctype joinAccepts() {
  do
  :: atomic { isHonest && takesAccept -> receiveAccept(newestAnswer) }
  od
}

/* A network where nothing happens is no deadlock. */
active proctype time() {
  do
  :: isHonest
  od
}

/* A device in a session that only it has hears nothing and joins again. */
active proctype joins() {
  do
  :: atomic { isHonest && !isInSession && requestKey == NO -> sendJoinRequest() }
  od
}

#ifndef M_NO_EXPIRY
active proctype expiry() {
  do
  :: atomic { isHonest && isUnderWay && !isFresh -> failUpdate(); wrongMics = 0; printf("Join Server: expired\n") }
  od
}
#endif

active proctype operator() {
  atomic { isHonest && !isUnderWay && isInSession && requestKey == NO -> isFresh = true; startUpdate() }
}

#define isOver (!isUnderWay && isInSession && jsCurrent == current)

ltl joins_again { [] (isHonest -> <> isInSession) }
ltl comes_to_an_end { [] ((isHonest && isUnderWay) -> <> !isUnderWay) }
ltl agrees { [] (isHonest -> <> [] isOver) }
ltl commits { [] (isFresh -> <> (jsStatus == committed && isOver)) }

#endif
