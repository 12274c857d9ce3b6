/* The end-device: its rules of docs/root-key-update.md, section 4. */

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
