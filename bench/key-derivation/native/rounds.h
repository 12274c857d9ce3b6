/* What rounds.c measures: one derivation of suite 0 (split) or 1. */
#ifndef ROUNDS_H
#define ROUNDS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct input {
  /* The old NwkKey, then the old AppKey. */
  uint8_t keys[32];
  uint8_t context[96];
  /* 64 or 96. */
  size_t context_length;
};

/* Gives the new NwkKey, then the new AppKey. */
void derive(int is_split, const struct input *input, uint8_t keys[32]);

#ifdef __cplusplus
}
#endif
#endif
