/* What must hold in every state, and all that can happen. */

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
