/*
 * Derives when asked, so that rounds of several programs can take turns. A line of standard input is
 *   <0 for suite 0, 1 for suite 1> <repeats> <old keys and context in hexadecimal>
 * and is answered by
 *   <nanoseconds> <the last keys in hexadecimal>
 * Each derivation starts from the keys that the one before gave, so none can be left out.
 */
#define _POSIX_C_SOURCE 200809L
#include "rounds.h"

#include <stdio.h>
#include <time.h>

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(void) {
  int suite;
  long repeats;
  char hex[257];
  while (scanf("%d %ld %256s", &suite, &repeats, hex) == 3) {
    uint8_t octets[128], keys[32];
    struct input input;
    size_t length = 0;
    unsigned value;
    while (length < sizeof octets && sscanf(hex + 2 * length, "%2x", &value) == 1) {
      octets[length++] = (uint8_t)value;
    }
    if (length != 32 + 64 && length != 32 + 96) return 2;
    input.context_length = length - 32;
    memcpy(input.keys, octets, 32);
    memcpy(input.context, octets + 32, input.context_length);
    const uint64_t start = now_ns();
    for (long i = 0; i < repeats; i++) {
      derive(suite == 0, &input, keys);
      memcpy(input.keys, keys, 32);
    }
    printf("%llu ", (unsigned long long)(now_ns() - start));
    for (int i = 0; i < 32; i++) printf("%02x", keys[i]);
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
