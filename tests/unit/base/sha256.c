// SPDX-License-Identifier: MIT
#include "base/sha256.h"

#include "unit/unit.h"

static void the_standards_examples(void **state)
{
    (void)state;
    static const struct {
        struct str bytes;
        const char *hash;
    } facts[] = {
        {TEXT(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {TEXT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {TEXT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        char text[SHA256_TEXT_SIZE];
        assert_string_equal(sha256_of(facts[i].bytes, text), facts[i].hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_standards_examples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
