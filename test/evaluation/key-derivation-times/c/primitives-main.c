/*
 * The primitives on inputs of any length, for known answers. A line of standard input has a name and
 * hexadecimal arguments, "-" for none; a line of output has the result.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "primitives.h"

static uint8_t buffers[4][512];

static struct octets read_octets(int index) {
  char text[1024];
  struct octets octets = {buffers[index], 0};
  unsigned value;
  if (scanf("%1023s", text) != 1) exit(2);
  while (sscanf(text + 2 * octets.length, "%2x", &value) == 1) {
    buffers[index][octets.length++] = (uint8_t)value;
  }
  return octets;
}

static size_t run(const char *name, uint8_t *output) {
  const struct octets first = read_octets(0), second = read_octets(1);
  if (strcmp(name, "rabbit") == 0) {
    struct rabbit state;
    rabbit_set_key(&state, first.data);
    for (int block = 0; block < 3; block++) rabbit_next_block(&state, output + 16 * block);
    return 48;
  }
  if (strcmp(name, "aes") == 0) {
    struct aes128 aes;
    aes128_set_key(&aes, first.data);
    aes128_encrypt(&aes, second.data, output);
    return 16;
  }
  if (strcmp(name, "cmac") == 0) {
    aes_cmac(first.data, second, output);
    return 16;
  }
  const struct octets info = read_octets(2);
  size_t length;
  if (scanf("%zu", &length) != 1) exit(2);
  const struct hkdf_input input = {first, second, info};
  hkdf(strcmp(name, "hkdf-sha1") == 0 ? &SHA1 : &SHA256, &input, output, length);
  return length;
}

int main(void) {
  char name[32];
  uint8_t output[512];
  while (scanf("%31s", name) == 1) {
    const size_t length = run(name, output);
    for (size_t i = 0; i < length; i++) printf("%02x", output[i]);
    printf("\n");
  }
  return 0;
}
