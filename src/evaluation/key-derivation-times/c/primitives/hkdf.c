/* Hashing of streams (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869) over any `hash_function`. */
#include <string.h>

#include "primitives.h"

struct hash_state {
  uint32_t words[8];
  uint8_t block[64];
  uint64_t length;
};

static void hash_begin(const struct hash_function *hash, struct hash_state *s) {
  memcpy(s->words, hash->initial, sizeof s->words);
  s->length = 0;
}

static void hash_update(const struct hash_function *hash, struct hash_state *s,
                        struct octets data) {
  while (data.length > 0) {
    const size_t used = s->length % 64;
    const size_t taken = data.length < 64 - used ? data.length : 64 - used;
    memcpy(s->block + used, data.data, taken);
    s->length += taken;
    data.data += taken;
    data.length -= taken;
    if (used + taken == 64) hash->compress(s->words, s->block);
  }
}

static void hash_end(const struct hash_function *hash, struct hash_state *s, uint8_t *digest) {
  size_t used = s->length % 64;
  s->block[used++] = 0x80;
  if (used > 56) {
    memset(s->block + used, 0, 64 - used);
    hash->compress(s->words, s->block);
    used = 0;
  }
  memset(s->block + used, 0, 56 - used);
  for (int i = 0; i < 8; i++) s->block[56 + i] = (uint8_t)(s->length * 8 >> (56 - 8 * i));
  hash->compress(s->words, s->block);
  for (size_t i = 0; i < 4 * hash->digest_words; i++) {
    digest[i] = (uint8_t)(s->words[i / 4] >> (24 - 8 * (i % 4)));
  }
}

/* The message comes in three pieces. */
static void hmac(const struct hash_function *hash, struct octets key,
                 const struct octets message[3], uint8_t *mac) {
  struct hash_state s;
  uint8_t pad[64] = {0};
  if (key.length > 64) {
    hash_begin(hash, &s);
    hash_update(hash, &s, key);
    hash_end(hash, &s, pad);
  } else {
    memcpy(pad, key.data, key.length);
  }
  for (int i = 0; i < 64; i++) pad[i] ^= 0x36;
  hash_begin(hash, &s);
  hash_update(hash, &s, (struct octets){pad, 64});
  for (int piece = 0; piece < 3; piece++) hash_update(hash, &s, message[piece]);
  hash_end(hash, &s, mac);

  for (int i = 0; i < 64; i++) pad[i] ^= 0x36 ^ 0x5c;
  hash_begin(hash, &s);
  hash_update(hash, &s, (struct octets){pad, 64});
  hash_update(hash, &s, (struct octets){mac, 4 * hash->digest_words});
  hash_end(hash, &s, mac);
}

void hkdf(const struct hash_function *hash, const struct hkdf_input *input, uint8_t *output,
          size_t length) {
  const size_t digest_length = 4 * hash->digest_words;
  uint8_t prk[32], t[32], counter = 0;
  size_t t_length = 0;
  hmac(hash, input->salt, (const struct octets[3]){input->ikm}, prk);
  while (length > 0) {
    counter++;
    hmac(hash, (struct octets){prk, digest_length},
         (const struct octets[3]){{t, t_length}, input->info, {&counter, 1}}, t);
    t_length = digest_length;
    const size_t taken = length < digest_length ? length : digest_length;
    memcpy(output, t, taken);
    output += taken;
    length -= taken;
  }
}
