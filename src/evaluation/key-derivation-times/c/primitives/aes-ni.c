/* AES-128 with the processor's instructions (AES-NI): compile with -maes. */
#include <wmmintrin.h>

#include "primitives.h"

/* One step of the key expansion: AESKEYGENASSIST gives SubWord, RotWord and the round constant. */
static __m128i next_round_key(__m128i key, __m128i assist) {
  key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
  key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
  return _mm_xor_si128(key, _mm_shuffle_epi32(assist, 0xff));
}

/* The round constant must be known when compiling: hence no loop. */
#define EXPAND(round, constant) \
  w[round] = next_round_key(w[round - 1], _mm_aeskeygenassist_si128(w[round - 1], constant))

void aes128_set_key(struct aes128 *aes, const uint8_t key[16]) {
  __m128i *w = (__m128i *)aes->round_keys;
  w[0] = _mm_loadu_si128((const __m128i *)key);
  EXPAND(1, 0x01);
  EXPAND(2, 0x02);
  EXPAND(3, 0x04);
  EXPAND(4, 0x08);
  EXPAND(5, 0x10);
  EXPAND(6, 0x20);
  EXPAND(7, 0x40);
  EXPAND(8, 0x80);
  EXPAND(9, 0x1b);
  EXPAND(10, 0x36);
}

void aes128_encrypt(const struct aes128 *aes, const uint8_t input[16], uint8_t output[16]) {
  const __m128i *w = (const __m128i *)aes->round_keys;
  __m128i s = _mm_xor_si128(_mm_loadu_si128((const __m128i *)input), w[0]);
  for (int round = 1; round < 10; round++) s = _mm_aesenc_si128(s, w[round]);
  _mm_storeu_si128((__m128i *)output, _mm_aesenclast_si128(s, w[10]));
}
