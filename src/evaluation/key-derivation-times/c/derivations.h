/* The key derivations that are measured. */
#ifndef DERIVATIONS_H
#define DERIVATIONS_H

#include <stddef.h>
#include <stdint.h>

struct derivation_input {
  /* The old NwkKey (the paper's ka), then the old AppKey (kb). */
  uint8_t keys[32];
  /* The context c. */
  uint8_t context[96];
  size_t context_length;
};

struct derivation {
  const char *name;
  size_t context_length, output_length;
  void (*derive)(const struct derivation_input *input, uint8_t *output);
};

extern const struct derivation DERIVATIONS[];
extern const size_t DERIVATION_COUNT;

#endif
