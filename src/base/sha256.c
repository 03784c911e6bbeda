// SPDX-License-Identifier: MIT
#include "base/sha256.h"

#include <nettle/sha2.h>

const char *sha256_of(struct str bytes, char text[SHA256_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, bytes.length, (const uint8_t *)(bytes.at ? bytes.at : ""));
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        text[2 * i] = digits[digest[i] >> 4];
        text[2 * i + 1] = digits[digest[i] & 15];
    }
    text[SHA256_TEXT_SIZE - 1] = '\0';
    return text;
}
