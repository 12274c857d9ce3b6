// Suites 0 and 1 with the Rabbit of Crypto++, whose object is kept: a derivation keys it anew for each block.
#include <cryptopp/rabbit.h>

#include "rounds.h"

namespace {

using Rabbit = CryptoPP::Rabbit::Encryption;

const uint8_t ZEROS[32] = {};

// The keystream is what zeros are encrypted to.
void keystream(Rabbit &rabbit, const uint8_t *key, uint8_t *output, size_t length) {
  rabbit.SetKey(key, 16);
  rabbit.ProcessData(output, ZEROS, length);
}

void xor_16(uint8_t *target, const uint8_t *mask) {
  for (int i = 0; i < 16; i++) target[i] ^= mask[i];
}

}  // namespace

void derive(int is_split, const struct input *in, uint8_t keys[32]) {
  static Rabbit rabbit;
  uint8_t kdk[16], block[16];
  keystream(rabbit, in->keys, kdk, 16);
  for (size_t offset = 0; offset < in->context_length; offset += 16) {
    xor_16(kdk, in->context + offset);
    keystream(rabbit, kdk, kdk, 16);
  }
  if (is_split) {
    memcpy(block, kdk, 8);
    memcpy(block + 8, in->keys + 16, 8);
    keystream(rabbit, block, keys, 16);
    memcpy(block, kdk + 8, 8);
    memcpy(block + 8, in->keys + 24, 8);
    xor_16(block, keys);
    keystream(rabbit, block, keys + 16, 16);
  } else {
    keystream(rabbit, kdk, block, 16);
    xor_16(block, in->keys + 16);
    keystream(rabbit, block, keys, 32);
  }
}
