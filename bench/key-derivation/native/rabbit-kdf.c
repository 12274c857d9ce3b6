/* Suites 0 and 1 in plain C, in one file, so that the compiler can inline all of it. */
#include "rounds.h"

struct rabbit {
  uint32_t x[8], c[8], carry;
};

static inline uint32_t rotate(uint32_t word, int bits) {
  return word << bits | word >> (32 - bits);
}

static inline uint32_t g(uint32_t u, uint32_t v) {
  const uint64_t sum = (uint32_t)(u + v);
  const uint64_t square = sum * sum;
  return (uint32_t)square ^ (uint32_t)(square >> 32);
}

static inline void next_state(struct rabbit *s) {
  static const uint32_t a[8] = {0x4D34D34D, 0xD34D34D3, 0x34D34D34, 0x4D34D34D,
                                0xD34D34D3, 0x34D34D34, 0x4D34D34D, 0xD34D34D3};
  uint32_t v[8];
  for (int j = 0; j < 8; j++) {
    const uint64_t sum = (uint64_t)s->c[j] + a[j] + s->carry;
    s->c[j] = (uint32_t)sum;
    s->carry = (uint32_t)(sum >> 32);
  }
  for (int j = 0; j < 8; j++) v[j] = g(s->x[j], s->c[j]);
  for (int j = 0; j < 8; j += 2) {
    s->x[j] = v[j] + rotate(v[(j + 7) % 8], 16) + rotate(v[(j + 6) % 8], 16);
    s->x[j + 1] = v[j + 1] + rotate(v[j], 8) + v[(j + 7) % 8];
  }
}

static inline void set_key(struct rabbit *s, const uint8_t *key) {
  uint16_t k[8];
  memcpy(k, key, 16);
  for (int j = 0; j < 8; j += 2) {
    s->x[j] = (uint32_t)k[(j + 1) % 8] << 16 | k[j];
    s->c[j] = (uint32_t)k[(j + 4) % 8] << 16 | k[(j + 5) % 8];
    s->x[j + 1] = (uint32_t)k[(j + 6) % 8] << 16 | k[(j + 5) % 8];
    s->c[j + 1] = (uint32_t)k[j + 1] << 16 | k[(j + 2) % 8];
  }
  s->carry = 0;
  for (int iteration = 0; iteration < 4; iteration++) next_state(s);
  for (int j = 0; j < 8; j++) s->c[j] ^= s->x[(j + 4) % 8];
}

static inline void next_block(struct rabbit *s, uint8_t *block) {
  uint32_t words[4];
  next_state(s);
  for (int j = 0; j < 4; j++) {
    words[j] = s->x[2 * j] ^ s->x[(2 * j + 5) % 8] >> 16 ^ s->x[(2 * j + 3) % 8] << 16;
  }
  memcpy(block, words, 16);
}

static void rabbit_block(const uint8_t *key, uint8_t *block) {
  struct rabbit s;
  set_key(&s, key);
  next_block(&s, block);
}

static void xor_16(uint8_t *target, const uint8_t *mask) {
  for (int i = 0; i < 16; i++) target[i] ^= mask[i];
}

void derive(int is_split, const struct input *in, uint8_t keys[32]) {
  uint8_t kdk[16], block[16];
  rabbit_block(in->keys, kdk);
  for (size_t offset = 0; offset < in->context_length; offset += 16) {
    xor_16(kdk, in->context + offset);
    rabbit_block(kdk, kdk);
  }
  if (is_split) {
    memcpy(block, kdk, 8);
    memcpy(block + 8, in->keys + 16, 8);
    rabbit_block(block, keys);
    memcpy(block, kdk + 8, 8);
    memcpy(block + 8, in->keys + 24, 8);
    xor_16(block, keys);
    rabbit_block(block, keys + 16);
  } else {
    struct rabbit s;
    rabbit_block(kdk, block);
    xor_16(block, in->keys + 16);
    set_key(&s, block);
    next_block(&s, keys);
    next_block(&s, keys + 16);
  }
}
