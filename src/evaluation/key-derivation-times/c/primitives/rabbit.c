/* Rabbit (RFC 4503) with 64-bit squares; octets in little-endian order. */
#include "primitives.h"

static uint32_t rotate(uint32_t word, int bits) {
  return word << bits | word >> (32 - bits);
}

/* Low word XOR high word of the square (section 2.6). */
static uint32_t g(uint32_t u, uint32_t v) {
  uint64_t sum = (uint32_t)(u + v);
  uint64_t square = sum * sum;
  return (uint32_t)square ^ (uint32_t)(square >> 32);
}

/* Counter system and next-state function (sections 2.5 and 2.6). */
static void next_state(struct rabbit *s) {
  static const uint32_t a[8] = {0x4D34D34D, 0xD34D34D3, 0x34D34D34, 0x4D34D34D,
                                0xD34D34D3, 0x34D34D34, 0x4D34D34D, 0xD34D34D3};
  uint32_t v[8];
  for (int j = 0; j < 8; j++) {
    uint64_t sum = (uint64_t)s->c[j] + a[j] + s->carry;
    s->c[j] = (uint32_t)sum;
    s->carry = (uint32_t)(sum >> 32);
    v[j] = g(s->x[j], s->c[j]);
  }
  for (int j = 0; j < 8; j += 2) {
    s->x[j] = v[j] + rotate(v[(j + 7) % 8], 16) + rotate(v[(j + 6) % 8], 16);
    s->x[j + 1] = v[j + 1] + rotate(v[j], 8) + v[(j + 7) % 8];
  }
}

/* Key set-up (section 2.3). The carry stays as the four iterations leave it. */
void rabbit_set_key(struct rabbit *s, const uint8_t key[16]) {
  uint32_t k[8];
  for (int j = 0; j < 8; j++) k[j] = key[2 * j] | (uint32_t)key[2 * j + 1] << 8;
  for (int j = 0; j < 8; j += 2) {
    s->x[j] = k[(j + 1) % 8] << 16 | k[j];
    s->c[j] = k[(j + 4) % 8] << 16 | k[(j + 5) % 8];
    s->x[j + 1] = k[(j + 6) % 8] << 16 | k[(j + 5) % 8];
    s->c[j + 1] = k[j + 1] << 16 | k[(j + 2) % 8];
  }
  s->carry = 0;
  for (int iteration = 0; iteration < 4; iteration++) next_state(s);
  for (int j = 0; j < 8; j++) s->c[j] ^= s->x[(j + 4) % 8];
}

/* Extraction (section 2.7), the least significant octet first. */
void rabbit_next_block(struct rabbit *s, uint8_t block[16]) {
  next_state(s);
  for (int j = 0; j < 4; j++) {
    const uint32_t word = s->x[2 * j] ^ s->x[(2 * j + 5) % 8] >> 16 ^ s->x[(2 * j + 3) % 8] << 16;
    for (int octet = 0; octet < 4; octet++) block[4 * j + octet] = (uint8_t)(word >> 8 * octet);
  }
}
