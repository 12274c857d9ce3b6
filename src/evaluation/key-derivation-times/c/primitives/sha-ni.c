/* SHA-1 and SHA-256 with the processor's instructions (SHA-NI): compile with -msse4.1 -msha. */
#include <immintrin.h>

#include "primitives.h"
#include "sha256-constants.h"

/* Sixteen octets as four big-endian words, the first in the lowest lane. */
static __m128i load_words(const uint8_t *octets) {
  const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)octets), swap);
}

/*
 * Twenty rounds, four at a time, with the round function `f` of SHA-1, which must be known when
 * compiling. The first word of a vector is in the highest lane. `e` is what E of the next four
 * rounds comes from.
 */
#define SHA1_ROUNDS(first, f)                                                             \
  _Pragma("GCC unroll 5") for (int i = first; i < first + 5; i++) {                       \
    if (i >= 4) {                                                                         \
      const __m128i mixed = _mm_xor_si128(                                                \
          _mm_sha1msg1_epu32(w[i % 4], w[(i + 1) % 4]), w[(i + 2) % 4]);                  \
      w[i % 4] = _mm_sha1msg2_epu32(mixed, w[(i + 3) % 4]);                               \
    }                                                                                     \
    const __m128i e_and_w =                                                               \
        i == 0 ? _mm_add_epi32(e, w[0]) : _mm_sha1nexte_epu32(e, w[i % 4]);               \
    e = abcd;                                                                             \
    abcd = _mm_sha1rnds4_epu32(abcd, e_and_w, f);                                         \
  }

static void compress_sha1(uint32_t *state, const uint8_t block[64]) {
  __m128i w[4];
  for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi32(load_words(block + 16 * i), 0x1b);
  const __m128i old_abcd =
      _mm_set_epi32((int)state[0], (int)state[1], (int)state[2], (int)state[3]);
  const __m128i old_e = _mm_set_epi32((int)state[4], 0, 0, 0);
  __m128i abcd = old_abcd, e = old_e;
  SHA1_ROUNDS(0, 0)
  SHA1_ROUNDS(5, 1)
  SHA1_ROUNDS(10, 2)
  SHA1_ROUNDS(15, 3)
  abcd = _mm_shuffle_epi32(_mm_add_epi32(abcd, old_abcd), 0x1b);
  _mm_storeu_si128((__m128i *)state, abcd);
  state[4] = (uint32_t)_mm_extract_epi32(_mm_sha1nexte_epu32(e, old_e), 3);
}

/* The instruction wants the state as (A, B, E, F) and (C, D, G, H), A and C in the highest lane. */
static void compress_sha256(uint32_t *state, const uint8_t block[64]) {
  __m128i w[4];
  for (int i = 0; i < 4; i++) w[i] = load_words(block + 16 * i);
  const __m128i old_abef =
      _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
  const __m128i old_cdgh =
      _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);
  __m128i abef = old_abef, cdgh = old_cdgh;
  _Pragma("GCC unroll 16") for (int i = 0; i < 16; i++) {
    if (i >= 4) {
      const __m128i seventh = _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4);
      const __m128i mixed =
          _mm_add_epi32(_mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]), seventh);
      w[i % 4] = _mm_sha256msg2_epu32(mixed, w[(i + 3) % 4]);
    }
    const __m128i sum = _mm_add_epi32(w[i % 4], _mm_loadu_si128((const __m128i *)(K + 4 * i)));
    /* Two rounds turn ABEF into CDGH: the two change places, and do so again. */
    cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
    abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
  }
  uint32_t ef_ab[4], gh_cd[4];
  _mm_storeu_si128((__m128i *)ef_ab, _mm_add_epi32(abef, old_abef));
  _mm_storeu_si128((__m128i *)gh_cd, _mm_add_epi32(cdgh, old_cdgh));
  const uint32_t sums[8] = {ef_ab[3], ef_ab[2], gh_cd[3], gh_cd[2],
                            ef_ab[1], ef_ab[0], gh_cd[1], gh_cd[0]};
  for (int i = 0; i < 8; i++) state[i] = sums[i];
}

const struct hash_function SHA1 = {
    5, {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}, compress_sha1};
const struct hash_function SHA256 = {8,
                                     {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                      0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
                                     compress_sha256};
