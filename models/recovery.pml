/* The attacker gives up at any moment, and the device must get in: no liveness, but a search of what follows. */

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
