/* The key derivations that are measured; src/root-key/suites has their reasons. */
#include "derivations.h"

#include <string.h>

#include "primitives/primitives.h"

static void xor_16(uint8_t *target, const uint8_t *mask) {
  for (int i = 0; i < 16; i++) target[i] ^= mask[i];
}

static void rabbit_block(const uint8_t key[16], uint8_t block[16]) {
  struct rabbit state;
  rabbit_set_key(&state, key);
  rabbit_next_block(&state, block);
}

/* The paper's extractor (section 3.1.1) over whole blocks. */
static void rabbit_chain(const struct derivation_input *in, uint8_t kkdk[16]) {
  rabbit_block(in->keys, kkdk);
  for (size_t offset = 0; offset < in->context_length; offset += 16) {
    xor_16(kkdk, in->context + offset);
    rabbit_block(kkdk, kkdk);
  }
}

/* Suite 0. */
static void rabbit_split(const struct derivation_input *in, uint8_t *out) {
  uint8_t kkdk[16], block[16];
  rabbit_chain(in, kkdk);
  memcpy(block, kkdk, 8);
  memcpy(block + 8, in->keys + 16, 8);
  rabbit_block(block, out);
  memcpy(block, kkdk + 8, 8);
  memcpy(block + 8, in->keys + 24, 8);
  xor_16(block, out);
  rabbit_block(block, out + 16);
}

/* Suite 1. */
static void rabbit(const struct derivation_input *in, uint8_t *out) {
  struct rabbit state;
  uint8_t key[16];
  rabbit_chain(in, key);
  rabbit_block(key, key);
  xor_16(key, in->keys + 16);
  rabbit_set_key(&state, key);
  rabbit_next_block(&state, out);
  rabbit_next_block(&state, out + 16);
}

static const uint8_t LABEL[8] = "RootKey";

/* SP 800-108 in counter mode: two blocks of CMAC([i] || label || 0 || context || [L]). */
static void expand_by_cmac(const uint8_t key[16], const struct derivation_input *in, uint8_t *out) {
  uint8_t message[1 + 8 + 96 + 2];
  const size_t length = 1 + 8 + in->context_length + 2;
  memcpy(message + 1, LABEL, 8);
  memcpy(message + 9, in->context, in->context_length);
  message[length - 2] = 0x01;
  message[length - 1] = 0x00;
  for (uint8_t i = 0; i < 2; i++) {
    message[0] = i + 1;
    aes_cmac(key, (struct octets){message, length}, out + 16 * i);
  }
}

/* Suite 2. */
static void aes_cmac_two_steps(const struct derivation_input *in, uint8_t *out) {
  static const uint8_t salt[16];
  uint8_t kkdk[16];
  aes_cmac(salt, (struct octets){in->keys, 32}, kkdk);
  expand_by_cmac(kkdk, in, out);
}

static void aes_cmac_sp800_108(const struct derivation_input *in, uint8_t *out) {
  expand_by_cmac(in->keys, in, out);
}

/* Suite 3. */
static void hkdf_suite(const struct derivation_input *in, uint8_t *out) {
  uint8_t info[8 + 96];
  memcpy(info, LABEL, 8);
  memcpy(info + 8, in->context, in->context_length);
  const struct hkdf_input input = {
      {in->keys, 0}, {in->keys, 32}, {info, 8 + in->context_length}};
  hkdf(&SHA256, &input, out, 32);
}

/* As in the paper's comparison: the 80 octets are the keying material; kb is the salt. */
static void hkdf_of_80(const struct hash_function *hash, const struct derivation_input *in,
                       uint8_t *out) {
  uint8_t ikm[16 + 96];
  memcpy(ikm, in->keys, 16);
  memcpy(ikm + 16, in->context, in->context_length);
  const struct hkdf_input input = {
      {in->keys + 16, 16}, {ikm, 16 + in->context_length}, {ikm, 0}};
  hkdf(hash, &input, out, 32);
}

static void hkdf_sha1(const struct derivation_input *in, uint8_t *out) {
  hkdf_of_80(&SHA1, in, out);
}

static void hkdf_sha256(const struct derivation_input *in, uint8_t *out) {
  hkdf_of_80(&SHA256, in, out);
}

/* A key of LoRaWAN 1.1 (section 6.2.3): the context begins with JoinNonce, JoinEUI and DevNonce. */
static void session_key(const struct aes128 *root_key, uint8_t type, const uint8_t *context,
                        uint8_t *out) {
  uint8_t block[16] = {type};
  memcpy(block + 1, context, 13);
  aes128_encrypt(root_key, block, out);
}

static void aes_ecb(const struct derivation_input *in, uint8_t *out) {
  struct aes128 nwk_key;
  aes128_set_key(&nwk_key, in->keys);
  session_key(&nwk_key, 0x01, in->context, out);
}

static void session_keys(const struct derivation_input *in, uint8_t *out) {
  struct aes128 nwk_key, app_key;
  aes128_set_key(&nwk_key, in->keys);
  session_key(&nwk_key, 0x01, in->context, out);
  session_key(&nwk_key, 0x03, in->context, out + 16);
  session_key(&nwk_key, 0x04, in->context, out + 32);
  aes128_set_key(&app_key, in->keys + 16);
  session_key(&app_key, 0x02, in->context, out + 48);
}

const struct derivation DERIVATIONS[] = {
    {"rabbit-split-80", 64, 32, rabbit_split},
    {"rabbit-80", 64, 32, rabbit},
    {"aes-cmac-80", 64, 32, aes_cmac_two_steps},
    {"hkdf-sha256-suite-80", 64, 32, hkdf_suite},
    {"rabbit-split-112", 96, 32, rabbit_split},
    {"rabbit-112", 96, 32, rabbit},
    {"aes-cmac-112", 96, 32, aes_cmac_two_steps},
    {"hkdf-sha256-suite-112", 96, 32, hkdf_suite},
    {"hkdf-sha1", 64, 32, hkdf_sha1},
    {"hkdf-sha256", 64, 32, hkdf_sha256},
    {"aes-cmac-sp800-108", 64, 32, aes_cmac_sp800_108},
    {"aes-ecb", 64, 16, aes_ecb},
    {"session-keys", 64, 64, session_keys},
};
const size_t DERIVATION_COUNT = sizeof DERIVATIONS / sizeof *DERIVATIONS;
