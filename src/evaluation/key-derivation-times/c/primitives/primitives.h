/* What the derivations are made of. Octet strings in memory order; sizes in octets. */
#ifndef PRIMITIVES_H
#define PRIMITIVES_H

#include <stddef.h>
#include <stdint.h>

struct octets {
  const uint8_t *data;
  size_t length;
};

/* Rabbit (RFC 4503) without IV, octets in little-endian order. */
struct rabbit {
  uint32_t x[8], c[8], carry;
};
void rabbit_set_key(struct rabbit *state, const uint8_t key[16]);
void rabbit_next_block(struct rabbit *state, uint8_t block[16]);

/* AES-128 (FIPS 197): from aes.c, or with the processor's instructions from aes-ni.c. */
struct aes128 {
  _Alignas(16) uint8_t round_keys[11][16];
};
void aes128_set_key(struct aes128 *aes, const uint8_t key[16]);
void aes128_encrypt(const struct aes128 *aes, const uint8_t input[16], uint8_t output[16]);

/* AES-CMAC (RFC 4493) of a message of any length. */
void aes_cmac(const uint8_t key[16], struct octets message, uint8_t mac[16]);

/* A hash function with blocks of 64 octets and a big-endian length at the end: SHA-1, SHA-256. */
struct hash_function {
  size_t digest_words;
  uint32_t initial[8];
  void (*compress)(uint32_t *state, const uint8_t block[64]);
};
/* Portable from sha1.c and sha256.c, or with the processor's instructions from sha-ni.c. */
extern const struct hash_function SHA1, SHA256;

struct hkdf_input {
  struct octets salt, ikm, info;
};
/* HKDF, extract and expand (RFC 5869). */
void hkdf(const struct hash_function *hash, const struct hkdf_input *input, uint8_t *output,
          size_t length);

#endif
