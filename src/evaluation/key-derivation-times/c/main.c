/*
 * Checks and measures key derivations: <program> <rounds> <repeats>.
 *
 * Standard input has a line for each: its name, in hexadecimal the old root keys and the context,
 * and the output they must give. Standard output has a JSON object a line: the output of one that
 * is wrong, which is not measured then; the clock of the processor; and for each round of each
 * the processor time of all repeats and the output of the last.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "derivations.h"

struct task {
  const struct derivation *derivation;
  struct derivation_input input;
};

/* Windows counts the time of a process in ticks of 15 ms: there it is the time of day. */
#ifdef _WIN32
#define CLOCK CLOCK_MONOTONIC
#else
#define CLOCK CLOCK_PROCESS_CPUTIME_ID
#endif

/* Time of this process on the processor: what others take of it does not count. */
static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void print_hex(const uint8_t *octets, size_t length) {
  for (size_t i = 0; i < length; i++) printf("%02x", octets[i]);
}

/* @return how many octets there were */
static size_t parse_hex(const char *text, uint8_t *octets, size_t limit) {
  size_t length = 0;
  unsigned value;
  while (length < limit && sscanf(text + 2 * length, "%2x", &value) == 1) {
    octets[length++] = (uint8_t)value;
  }
  return length;
}

static void fail(const char *words) {
  fprintf(stderr, "%s\n", words);
  exit(2);
}

static const struct derivation *find_derivation(const char *name) {
  for (size_t i = 0; i < DERIVATION_COUNT; i++) {
    if (strcmp(DERIVATIONS[i].name, name) == 0) return DERIVATIONS + i;
  }
  fail("no derivation of this name");
  return NULL;
}

/* Reads a task; tasks that give a wrong output are told and left out. */
static int read_task(struct task *task) {
  char name[64], input_hex[300], output_hex[200];
  uint8_t octets[128], expected[64], output[64];
  while (scanf("%63s %299s %199s", name, input_hex, output_hex) == 3) {
    const struct derivation *d = task->derivation = find_derivation(name);
    if (parse_hex(input_hex, octets, sizeof octets) != 32 + d->context_length ||
        parse_hex(output_hex, expected, sizeof expected) != d->output_length) {
      fail("octets of a wrong length");
    }
    memcpy(task->input.keys, octets, 32);
    memcpy(task->input.context, octets + 32, d->context_length);
    task->input.context_length = d->context_length;
    d->derive(&task->input, output);
    if (memcmp(output, expected, d->output_length) == 0) return 1;
    printf("{\"derivation\":\"%s\",\"wrong\":\"", name);
    print_hex(output, d->output_length);
    printf("\"}\n");
  }
  return 0;
}

/*
 * Derives again and again, each time from the keys that the last time gave (as many of them as it
 * gives). Nothing can be left out or done at once, and the last output tells whether all were
 * right.
 */
static uint64_t measure(const struct task *task, long repeats, uint8_t *output) {
  struct derivation_input input = task->input;
  const struct derivation *d = task->derivation;
  const size_t fed_back = d->output_length < 32 ? d->output_length : 32;
  const uint64_t start = now_ns();
  for (long i = 0; i < repeats; i++) {
    d->derive(&input, output);
    memcpy(input.keys, output, fed_back);
  }
  return now_ns() - start;
}

#ifdef __OPTIMIZE__
/* Additions that wait for one another take a cycle each; the compiler does not see the operands. */
static double clock_ghz(void) {
  const long additions = 1000000;
  double fastest = 0;
  /* Short attempts, so that in some of them nothing else runs. */
  for (int attempt = 0; attempt < 100; attempt++) {
    uint64_t sum = 1, step = 1;
    __asm__ volatile("" : "+r"(step));
    const uint64_t start = now_ns();
    for (long i = 0; i < additions; i += 10) {
#pragma GCC unroll 10
      for (int j = 0; j < 10; j++) {
        sum += step;
        __asm__ volatile("" : "+r"(sum));
      }
    }
    const uint64_t ns = now_ns() - start;
    /* None where the clock is too coarse. */
    if (ns > 0 && (double)additions / (double)ns > fastest) fastest = (double)additions / (double)ns;
  }
  return fastest;
}
#endif

int main(int argc, char **argv) {
  if (argc != 3) fail("usage: rounds repeats, tasks on standard input");
  const long rounds = atol(argv[1]), repeats = atol(argv[2]);
  static struct task tasks[32];
  size_t count = 0;
  while (count < 32 && read_task(tasks + count)) count++;
#ifdef __OPTIMIZE__
  const double ghz = clock_ghz();
  if (ghz > 0) printf("{\"clockGhz\":%.4f}\n", ghz);
#endif
  /* The first round warms up: it is not told. */
  for (long round = -1; round < rounds; round++) {
    for (size_t i = 0; i < count; i++) {
      uint8_t output[64];
      const uint64_t ns = measure(tasks + i, repeats, output);
      if (round < 0) continue;
      printf("{\"derivation\":\"%s\",\"ns\":%llu,\"end\":\"", tasks[i].derivation->name,
             (unsigned long long)ns);
      print_hex(output, tasks[i].derivation->output_length);
      printf("\"}\n");
    }
    fflush(stdout);
  }
  return 0;
}
