/* AES-CMAC (RFC 4493). */
#include <string.h>

#include "primitives.h"

static void double_block(uint8_t block[16]) {
  const uint8_t top_bit = block[0] >> 7;
  for (int i = 0; i < 15; i++) block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
  block[15] = (uint8_t)(block[15] << 1 ^ top_bit * 0x87);
}

static void xor_into(uint8_t *target, const uint8_t *mask, size_t length) {
  for (size_t i = 0; i < length; i++) target[i] ^= mask[i];
}

void aes_cmac(const uint8_t key[16], struct octets message, uint8_t mac[16]) {
  struct aes128 aes;
  uint8_t subkey[16] = {0}, state[16] = {0};
  aes128_set_key(&aes, key);
  aes128_encrypt(&aes, subkey, subkey);
  double_block(subkey);
  for (; message.length > 16; message.data += 16, message.length -= 16) {
    xor_into(state, message.data, 16);
    aes128_encrypt(&aes, state, state);
  }
  xor_into(state, message.data, message.length);
  if (message.length < 16) {
    state[message.length] ^= 0x80;
    double_block(subkey);
  }
  xor_into(state, subkey, 16);
  aes128_encrypt(&aes, state, mac);
}
