/*
 * The instructions of SHA-NI in plain C, after the operations of Intel's Software Developer's Manual, so
 * that code for them can be checked on processors that do not have them. To be included before all else.
 */
#include <immintrin.h>
#include <stdint.h>

struct lanes {
  uint32_t lane[4];
};

static inline struct lanes lanes_of(__m128i vector) {
  struct lanes lanes;
  _mm_storeu_si128((__m128i *)lanes.lane, vector);
  return lanes;
}

static inline __m128i vector_of(uint32_t l3, uint32_t l2, uint32_t l1, uint32_t l0) {
  return _mm_set_epi32((int)l3, (int)l2, (int)l1, (int)l0);
}

static inline uint32_t left(uint32_t word, int bits) {
  return word << bits | word >> (32 - bits);
}

static inline __m128i emulated_sha1rnds4(__m128i first, __m128i second, int function) {
  static const uint32_t constants[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
  const struct lanes s = lanes_of(first), w = lanes_of(second);
  uint32_t a = s.lane[3], b = s.lane[2], c = s.lane[1], d = s.lane[0], e = 0;
  for (int round = 0; round < 4; round++) {
    const uint32_t f = function == 0   ? (b & c) ^ (~b & d)
                       : function == 2 ? (b & c) ^ (b & d) ^ (c & d)
                                       : b ^ c ^ d;
    const uint32_t next = f + left(a, 5) + w.lane[3 - round] + e + constants[function];
    e = d;
    d = c;
    c = left(b, 30);
    b = a;
    a = next;
  }
  return vector_of(a, b, c, d);
}

static inline __m128i emulated_sha1nexte(__m128i first, __m128i second) {
  const struct lanes a = lanes_of(first), b = lanes_of(second);
  return vector_of(b.lane[3] + left(a.lane[3], 30), b.lane[2], b.lane[1], b.lane[0]);
}

static inline __m128i emulated_sha1msg1(__m128i first, __m128i second) {
  const struct lanes a = lanes_of(first), b = lanes_of(second);
  return vector_of(a.lane[1] ^ a.lane[3], a.lane[0] ^ a.lane[2], b.lane[3] ^ a.lane[1],
                   b.lane[2] ^ a.lane[0]);
}

static inline __m128i emulated_sha1msg2(__m128i first, __m128i second) {
  const struct lanes a = lanes_of(first), b = lanes_of(second);
  const uint32_t w16 = left(a.lane[3] ^ b.lane[2], 1);
  return vector_of(w16, left(a.lane[2] ^ b.lane[1], 1), left(a.lane[1] ^ b.lane[0], 1),
                   left(a.lane[0] ^ w16, 1));
}

static inline uint32_t small_sigma_0(uint32_t x) {
  return left(x, 25) ^ left(x, 14) ^ x >> 3;
}

static inline uint32_t small_sigma_1(uint32_t x) {
  return left(x, 15) ^ left(x, 13) ^ x >> 10;
}

static inline __m128i emulated_sha256msg1(__m128i first, __m128i second) {
  const struct lanes a = lanes_of(first), b = lanes_of(second);
  return vector_of(a.lane[3] + small_sigma_0(b.lane[0]), a.lane[2] + small_sigma_0(a.lane[3]),
                   a.lane[1] + small_sigma_0(a.lane[2]), a.lane[0] + small_sigma_0(a.lane[1]));
}

static inline __m128i emulated_sha256msg2(__m128i first, __m128i second) {
  const struct lanes a = lanes_of(first), b = lanes_of(second);
  const uint32_t w16 = a.lane[0] + small_sigma_1(b.lane[2]);
  const uint32_t w17 = a.lane[1] + small_sigma_1(b.lane[3]);
  return vector_of(a.lane[3] + small_sigma_1(w17), a.lane[2] + small_sigma_1(w16), w17, w16);
}

static inline __m128i emulated_sha256rnds2(__m128i cdgh, __m128i abef, __m128i words) {
  const struct lanes x = lanes_of(cdgh), y = lanes_of(abef), wk = lanes_of(words);
  uint32_t a = y.lane[3], b = y.lane[2], c = x.lane[3], d = x.lane[2];
  uint32_t e = y.lane[1], f = y.lane[0], g = x.lane[1], h = x.lane[0];
  for (int round = 0; round < 2; round++) {
    const uint32_t t = ((e & f) ^ (~e & g)) + (left(e, 26) ^ left(e, 21) ^ left(e, 7)) +
                       wk.lane[round] + h;
    const uint32_t sum =
        t + ((a & b) ^ (a & c) ^ (b & c)) + (left(a, 30) ^ left(a, 19) ^ left(a, 10));
    h = g;
    g = f;
    f = e;
    e = t + d;
    d = c;
    c = b;
    b = a;
    a = sum;
  }
  return vector_of(a, b, e, f);
}

#undef _mm_sha1rnds4_epu32
#define _mm_sha1rnds4_epu32 emulated_sha1rnds4
#define _mm_sha1nexte_epu32 emulated_sha1nexte
#define _mm_sha1msg1_epu32 emulated_sha1msg1
#define _mm_sha1msg2_epu32 emulated_sha1msg2
#define _mm_sha256msg1_epu32 emulated_sha256msg1
#define _mm_sha256msg2_epu32 emulated_sha256msg2
#define _mm_sha256rnds2_epu32 emulated_sha256rnds2
