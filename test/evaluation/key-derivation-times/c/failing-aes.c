/* AES that is wrong from the call with the number FIRST_WRONG_CALL on. */
#define aes128_encrypt right_encrypt
#include "aes.c"
#undef aes128_encrypt

void aes128_encrypt(const struct aes128 *aes, const uint8_t input[16], uint8_t output[16]) {
  static long calls;
  right_encrypt(aes, input, output);
  if (calls++ >= FIRST_WRONG_CALL) output[0] ^= 1;
}
