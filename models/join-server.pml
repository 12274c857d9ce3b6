/* The Join Server: its rules of docs/root-key-update.md, section 4. */

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
