/* The attacker gives up at some moment, and everything goes its way in any order. */

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
