// SPDX-License-Identifier: MIT
/* Which texts are JSON and what they say, and what a person reads about those that are not. */
#include "parse/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Text with its length, so that a NUL may stand in it. */
#define T(literal)                                                                                 \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

/* clang-format off */
static const struct {
    struct str text, json;
} valid_texts[] = {
    {T("0"), T("0")},
    {T("-0"), T("-0")},
    {T("1"), T("1")},
    {T("-1"), T("-1")},
    {T("12345678901234567890"), T("12345678901234567890")},
    {T("-9223372036854775808"), T("-9223372036854775808")},
    {T("9223372036854775807"), T("9223372036854775807")},
    {T("9223372036854775808"), T("9223372036854775808")},
    {T("0.5"), T("0.5")},
    {T("-0.0"), T("-0.0")},
    {T("1.10"), T("1.10")},
    {T("1e5"), T("1e5")},
    {T("1E5"), T("1E5")},
    {T("1e+5"), T("1e+5")},
    {T("1e-5"), T("1e-5")},
    {T("1E+05"), T("1E+05")},
    {T("0e0"), T("0e0")},
    {T("1.5e300"), T("1.5e300")},
    {T("1e400"), T("1e400")},
    {T("123456789.123456789e-123"), T("123456789.123456789e-123")},
    {T("true"), T("true")},
    {T("false"), T("false")},
    {T("null"), T("null")},
    {T("\"\""), T("\"\"")},
    {T("\"a\""), T("\"a\"")},
    {T("\"\x7F\""), T("\"\x7F\"")},
    {T("\" \""), T("\" \"")},
    {T("[]"), T("[]")},
    {T("[ ]"), T("[]")},
    {T("[\n\t\r ]"), T("[]")},
    {T("{}"), T("{}")},
    {T("{ }"), T("{}")},
    {T("[[]]"), T("[[]]")},
    {T("[[[[]]]]"), T("[[[[]]]]")},
    {T("[1]"), T("[1]")},
    {T("[1,2]"), T("[1,2]")},
    {T("[ 1 , 2 ]"), T("[1,2]")},
    {T("[1,\n2\r\n]"), T("[1,2]")},
    {T("[null,true,false,0,\"\",[],{}]"), T("[null,true,false,0,\"\",[],{}]")},
    {T("{\"a\":1}"), T("{\"a\":1}")},
    {T("{ \"a\" : 1 }"), T("{\"a\":1}")},
    {T("{\"a\":1,\"b\":2}"), T("{\"a\":1,\"b\":2}")},
    {T("{\"\":0}"), T("{\"\":0}")},
    {T("{\"\":{\"\":\"\"}}"), T("{\"\":{\"\":\"\"}}")},
    {T("{\"a\":{\"a\":{\"a\":1}}}"), T("{\"a\":{\"a\":{\"a\":1}}}")},
    {T("[{\"a\":1},{\"a\":2}]"), T("[{\"a\":1},{\"a\":2}]")},
    {T("{\"a\":1,\"A\":2}"), T("{\"a\":1,\"A\":2}")},
    {T("{\"a\":1,\"a \":2}"), T("{\"a\":1,\"a \":2}")},
    {T("{\"a\":1,\"a\\u0000\":2}"), T("{\"a\":1,\"a\\u0000\":2}")},
    {T("{\"\\u0061\":1}"), T("{\"a\":1}")},
    {T(" 1"), T("1")},
    {T("1 "), T("1")},
    {T("\n1\n"), T("1")},
    {T("\xEF\xBB\xBF""1"), T("1")},
    {T("\xEF\xBB\xBF {\"a\":1}"), T("{\"a\":1}")},
    {T("\"\\\"\""), T("\"\\\"\"")},
    {T("\"\\\\\""), T("\"\\\\\"")},
    {T("\"\\/\""), T("\"/\"")},
    {T("\"/\""), T("\"/\"")},
    {T("\"\\b\\f\\n\\r\\t\""), T("\"\\b\\f\\n\\r\\t\"")},
    {T("\"\\u0041\""), T("\"A\"")},
    {T("\"\\u00e9\""), T("\"\xC3\xA9\"")},
    {T("\"\\u00E9\""), T("\"\xC3\xA9\"")},
    {T("\"\\u20AC\""), T("\"\xE2\x82\xAC\"")},
    {T("\"\\ud83d\\ude00\""), T("\"\xF0\x9F\x98\x80\"")},
    {T("\"\\uD83D\\uDE00\""), T("\"\xF0\x9F\x98\x80\"")},
    {T("\"\\uDBFF\\uDFFF\""), T("\"\xF4\x8F\xBF\xBF\"")},
    {T("\"\\uD800\\uDC00\""), T("\"\xF0\x90\x80\x80\"")},
    {T("\"\\u0000\""), T("\"\\u0000\"")},
    {T("\"a\\u0000b\""), T("\"a\\u0000b\"")},
    {T("\"\\uFFFF\""), T("\"\xEF\xBF\xBF\"")},
    {T("\"\\uFFFE\""), T("\"\xEF\xBF\xBE\"")},
    {T("\"\\u2028\""), T("\"\xE2\x80\xA8\"")},
    {T("\"\xC3\xA9\""), T("\"\xC3\xA9\"")},
    {T("\"\xE2\x82\xAC\""), T("\"\xE2\x82\xAC\"")},
    {T("\"\xF0\x9F\x98\x80\""), T("\"\xF0\x9F\x98\x80\"")},
    {T("\"\xF4\x8F\xBF\xBF\""), T("\"\xF4\x8F\xBF\xBF\"")},
    {T("\"\xEF\xBF\xBF\""), T("\"\xEF\xBF\xBF\"")},
    {T("\"\xE2\x80\xA8\""), T("\"\xE2\x80\xA8\"")},
    {T("\"\xC2\x80\""), T("\"\xC2\x80\"")},
    {T("\"\xEF\xBB\xBF\""), T("\"\xEF\xBB\xBF\"")},
    {T("\"12345678\\n\""), T("\"12345678\\n\"")},
    {T("\"1234567\\\"8\""), T("\"1234567\\\"8\"")},
    {T("\"12345678\""), T("\"12345678\"")},
    {T("\"1234567890123456\""), T("\"1234567890123456\"")},
    {T("\"a\\nb\\nc\""), T("\"a\\nb\\nc\"")},
    {T("\"\xC3\xA9\\n\xC3\xA9\""), T("\"\xC3\xA9\\n\xC3\xA9\"")},
    {T("\"\\\\u0041\""), T("\"\\\\u0041\"")},
    {T("\"http:\\/\\/a\""), T("\"http://a\"")},
    {T("\"[1]{\\\"a\\\":1}\""), T("\"[1]{\\\"a\\\":1}\"")},
    {T("\"# not a comment\""), T("\"# not a comment\"")},
};

/* The place and the words of the first problem. */
static const struct {
    struct str text;
    uint32_t line, column;
    struct str message;
} broken_texts[] = {
    {T(""), 1, 1, T("there is no JSON value: the text is empty")},
    {T("   "), 1, 4, T("there is no JSON value: the text is empty")},
    {T("\xEF\xBB\xBF"), 1, 1, T("there is no JSON value: the text is empty")},
    {T("\xEF\xBB\xBF\xEF\xBB\xBF""1"), 1, 1, T("expected a value, found '\xEF\xBB\xBF""1'")},
    {T("\xEF\xBB"), 1, 1, T("not valid UTF-8 (byte 0xEF): save the file as UTF-8")},
    {T("\xFF\xFE[\000]\000"), 1, 1, T("the file is UTF-16: save it as UTF-8")},
    {T("["), 1, 2, T("expected a value, but the text ends here")},
    {T("]"), 1, 1, T("expected a value, found ']'")},
    {T("{"), 1, 2, T("expected a key in double quotes, but the text ends here")},
    {T("}"), 1, 1, T("expected a value, found '}'")},
    {T("[1"), 1, 3, T("the text ends inside the array that starts in line 1")},
    {T("[1,"), 1, 4, T("expected a value, but the text ends here")},
    {T("[,"), 1, 2, T("expected a value, found ','")},
    {T("[,1]"), 1, 2, T("expected a value, found ','")},
    {T("[1,]"), 1, 4, T("expected a value after ',', found ']'")},
    {T("[1,,2]"), 1, 4, T("expected a value, found ','")},
    {T("[1 2]"), 1, 4, T("expected ',' or ']' after the value, found '2'")},
    {T("[1;2]"), 1, 3, T("expected ',' or ']' after the value, found ';2'")},
    {T("[1:2]"), 1, 3, T("expected ',' or ']' after the value, found ':'")},
    {T("[1}"), 1, 3, T("expected ',' or ']' after the value, found '}'")},
    {T("{]"), 1, 2, T("expected a key in double quotes, found ']'")},
    {T("{\"a\":1]"), 1, 7, T("expected ',' or '}' after the value, found ']'")},
    {T("[\"a\""), 1, 5, T("the text ends inside the array that starts in line 1")},
    {T("[\"a"), 1, 2, T("the string has no closing quote")},
    {T("[\"a]"), 1, 2, T("the string has no closing quote")},
    {T("[\"a\nb\"]"), 1, 2, T("the string has no closing quote in its line (write \\n for a line break)")},
    {T("[\"a\tb\"]"), 1, 4, T("a tab inside a string (write \\t)")},
    {T("[\"a\x01""b\"]"), 1, 4, T("a control character inside a string (write \\u and four digits)")},
    {T("[\"a\000b\"]"), 1, 4, T("a control character inside a string (write \\u and four digits)")},
    {T("[\000]"), 1, 2, T("expected a value, found '\\u0000'")},
    {T("\000"), 1, 1, T("expected a value, found '\\u0000'")},
    {T("1\000"), 1, 2, T("expected nothing more after the value, found '\\u0000'")},
    {T("[\"\\\"]"), 1, 2, T("the string has no closing quote")},
    {T("[\"\\x41\"]"), 1, 3, T("unknown escape (a backslash itself is written \\\\)")},
    {T("[\"\\a\"]"), 1, 3, T("unknown escape (a backslash itself is written \\\\)")},
    {T("[\"\\'\"]"), 1, 3, T("unknown escape (a backslash itself is written \\\\)")},
    {T("[\"\\\n\"]"), 1, 3, T("unknown escape (a backslash itself is written \\\\)")},
    {T("[\"\\\xC3\xA9\"]"), 1, 3, T("unknown escape (a backslash itself is written \\\\)")},
    {T("[\"\\u\"]"), 1, 3, T("\\u needs four hexadecimal digits")},
    {T("[\"\\u00\"]"), 1, 3, T("\\u needs four hexadecimal digits")},
    {T("[\"\\u00A\"]"), 1, 3, T("\\u needs four hexadecimal digits")},
    {T("[\"\\u00G0\"]"), 1, 3, T("\\u needs four hexadecimal digits")},
    {T("[\"\\u 123\"]"), 1, 3, T("\\u needs four hexadecimal digits")},
    {T("[\"\\U0041\"]"), 1, 3, T("unknown escape (a backslash itself is written \\\\)")},
    {T("[\"\\uD800\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\uD800a\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\uD800\\n\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\uD800\\u0041\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\uD800\\uD800\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\uDC00\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\uDC00\\uD800\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\uD83D\\u\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\uD83D\\uDE0\"]"), 1, 3, T("half of a surrogate pair: it stands for no character")},
    {T("[\"\\"), 1, 2, T("the string has no closing quote")},
    {T("[\"\\\""), 1, 2, T("the string has no closing quote")},
    {T("[\"\\u"), 1, 2, T("the string has no closing quote")},
    {T("[\"\xFF\"]"), 1, 3, T("not valid UTF-8 (byte 0xFF): save the file as UTF-8")},
    {T("[\"\xC0\xAF\"]"), 1, 3, T("not valid UTF-8 (byte 0xC0): save the file as UTF-8")},
    {T("[\"\xC3\"]"), 1, 3, T("not valid UTF-8 (byte 0xC3): save the file as UTF-8")},
    {T("[\"\xC3(\"]"), 1, 3, T("not valid UTF-8 (byte 0xC3): save the file as UTF-8")},
    {T("[\"\xED\xA0\x80\"]"), 1, 3, T("not valid UTF-8 (byte 0xED): save the file as UTF-8")},
    {T("[\"\xE0\x80\xAF\"]"), 1, 3, T("not valid UTF-8 (byte 0xE0): save the file as UTF-8")},
    {T("[\"\xF4\x90\x80\x80\"]"), 1, 3, T("not valid UTF-8 (byte 0xF4): save the file as UTF-8")},
    {T("[\"\xF8\x88\x80\x80\x80\"]"), 1, 3, T("not valid UTF-8 (byte 0xF8): save the file as UTF-8")},
    {T("[\"\x80\"]"), 1, 3, T("not valid UTF-8 (byte 0x80): save the file as UTF-8")},
    {T("[\"caf\xE9\"]"), 1, 6, T("not valid UTF-8 (byte 0xE9): save the file as UTF-8")},
    {T("[\"ok \\n caf\xE9\"]"), 1, 12, T("not valid UTF-8 (byte 0xE9): save the file as UTF-8")},
    {T("{\"caf\xE9\":1}"), 1, 6, T("not valid UTF-8 (byte 0xE9): save the file as UTF-8")},
    {T("[\xE9]"), 1, 2, T("not valid UTF-8 (byte 0xE9): save the file as UTF-8")},
    {T("[\xC3\xA9]"), 1, 2, T("expected a value, found '\xC3\xA9'")},
    {T("['a']"), 1, 2, T("expected a value: strings need double quotes")},
    {T("{'a':1}"), 1, 2, T("expected a key in double quotes, found '''")},
    {T("{a:1}"), 1, 2, T("expected a key in double quotes, found 'a'")},
    {T("{\"a\" 1}"), 1, 6, T("expected ':' after the key, found '1'")},
    {T("{\"a\":}"), 1, 6, T("expected a value, found '}'")},
    {T("{\"a\"}"), 1, 5, T("expected ':' after the key, found '}'")},
    {T("{\"a\":1,}"), 1, 8, T("expected a key in double quotes, found '}'")},
    {T("{,\"a\":1}"), 1, 2, T("expected a key in double quotes, found ','")},
    {T("{\"a\":1,,\"b\":2}"), 1, 8, T("expected a key in double quotes, found ','")},
    {T("{\"a\":1 \"b\":2}"), 1, 8, T("expected ',' or '}' after the value, found '\"'")},
    {T("{\"a\":1;\"b\":2}"), 1, 7, T("expected ',' or '}' after the value, found ';'")},
    {T("{\"a\"::1}"), 1, 6, T("expected a value, found ':'")},
    {T("{\"a\"=1}"), 1, 5, T("expected ':' after the key, found '=1'")},
    {T("{1:1}"), 1, 2, T("expected a key in double quotes, found '1'")},
    {T("{null:1}"), 1, 2, T("expected a key in double quotes, found 'null'")},
    {T("{\"a\":1,2}"), 1, 8, T("expected a key in double quotes, found '2'")},
    {T("{\"a\":\"b\":\"c\"}"), 1, 9, T("expected ',' or '}' after the value, found ':'")},
    {T("{\"a\":1"), 1, 7, T("the text ends inside the object that starts in line 1")},
    {T("{\"a\":"), 1, 6, T("expected a value, but the text ends here")},
    {T("{\"a\""), 1, 5, T("expected ':' after the key, but the text ends here")},
    {T("{\"a"), 1, 2, T("the string has no closing quote")},
    {T("{\"a\":[1}"), 1, 8, T("expected ',' or ']' after the value, found '}'")},
    {T("{\"a\":{\"b\":1}"), 1, 13, T("the text ends inside the object that starts in line 1")},
    {T("{\n  \"a\": [\n    1\n"), 4, 1, T("the text ends inside the array that starts in line 2")},
    {T("+1"), 1, 1, T("a number must not start with '+'")},
    {T("-"), 1, 2, T("expected a digit behind '-', but the text ends here")},
    {T("--1"), 1, 2, T("expected a digit behind '-', found '-1'")},
    {T("- 1"), 1, 2, T("expected a digit behind '-', found ' '")},
    {T("-a"), 1, 2, T("expected a digit behind '-', found 'a'")},
    {T("-0x1"), 1, 3, T("expected nothing more after the value, found 'x1'")},
    {T("01"), 1, 1, T("a number must not start with 0")},
    {T("00"), 1, 1, T("a number must not start with 0")},
    {T("-01"), 1, 1, T("a number must not start with 0")},
    {T("007"), 1, 1, T("a number must not start with 0")},
    {T("0x1F"), 1, 2, T("expected nothing more after the value, found 'x1F'")},
    {T("0b1"), 1, 2, T("expected nothing more after the value, found 'b1'")},
    {T("0o7"), 1, 2, T("expected nothing more after the value, found 'o7'")},
    {T("1."), 1, 3, T("expected a digit behind the decimal point, but the text ends here")},
    {T("-1."), 1, 4, T("expected a digit behind the decimal point, but the text ends here")},
    {T("1.e5"), 1, 3, T("expected a digit behind the decimal point, found 'e5'")},
    {T("1.a"), 1, 3, T("expected a digit behind the decimal point, found 'a'")},
    {T(".5"), 1, 1, T("a number must not start with '.' (write 0.5)")},
    {T("-.5"), 1, 2, T("expected a digit behind '-', found '.5'")},
    {T("1e"), 1, 3, T("expected a digit in the exponent, but the text ends here")},
    {T("1E"), 1, 3, T("expected a digit in the exponent, but the text ends here")},
    {T("1e+"), 1, 4, T("expected a digit in the exponent, but the text ends here")},
    {T("1e-"), 1, 4, T("expected a digit in the exponent, but the text ends here")},
    {T("1ea"), 1, 3, T("expected a digit in the exponent, found 'a'")},
    {T("1e5.5"), 1, 4, T("expected nothing more after the value, found '.5'")},
    {T("1.2.3"), 1, 4, T("expected nothing more after the value, found '.3'")},
    {T("1_000"), 1, 2, T("expected nothing more after the value, found '_000'")},
    {T("1 000"), 1, 3, T("expected nothing more after the value, found '000'")},
    {T("1,5"), 1, 2, T("expected nothing more after the value, found ','")},
    {T("1a"), 1, 2, T("expected nothing more after the value, found 'a'")},
    {T("1-"), 1, 2, T("expected nothing more after the value, found '-'")},
    {T("1-2"), 1, 2, T("expected nothing more after the value, found '-2'")},
    {T("NaN"), 1, 1, T("expected a value, found 'NaN'")},
    {T("-NaN"), 1, 2, T("expected a digit behind '-', found 'NaN'")},
    {T("Infinity"), 1, 1, T("expected a value, found 'Infinity'")},
    {T("-Infinity"), 1, 2, T("expected a digit behind '-', found 'Infinity'")},
    {T("nul"), 1, 1, T("expected a value, found 'nul'")},
    {T("nulL"), 1, 1, T("expected a value, found 'nulL'")},
    {T("nulll"), 1, 1, T("expected a value, found 'nulll'")},
    {T("Null"), 1, 1, T("true, false and null are written in small letters")},
    {T("NULL"), 1, 1, T("true, false and null are written in small letters")},
    {T("None"), 1, 1, T("expected a value, found 'None'")},
    {T("tru"), 1, 1, T("expected a value, found 'tru'")},
    {T("True"), 1, 1, T("true, false and null are written in small letters")},
    {T("TRUE"), 1, 1, T("true, false and null are written in small letters")},
    {T("truth"), 1, 1, T("expected a value, found 'truth'")},
    {T("true1"), 1, 1, T("expected a value, found 'true1'")},
    {T("true,"), 1, 5, T("expected nothing more after the value, found ','")},
    {T("fals"), 1, 1, T("expected a value, found 'fals'")},
    {T("False"), 1, 1, T("true, false and null are written in small letters")},
    {T("FALSE"), 1, 1, T("true, false and null are written in small letters")},
    {T("yes"), 1, 1, T("expected a value, found 'yes'")},
    {T("undefined"), 1, 1, T("expected a value, found 'undefined'")},
    {T("a"), 1, 1, T("expected a value, found 'a'")},
    {T("abc def"), 1, 1, T("expected a value, found 'abc'")},
    {T("\"a"), 1, 1, T("the string has no closing quote")},
    {T("\"a\" \"b\""), 1, 5, T("expected nothing more after the value, found '\"'")},
    {T("\"a\" b"), 1, 5, T("expected nothing more after the value, found 'b'")},
    {T("1 2"), 1, 3, T("expected nothing more after the value, found '2'")},
    {T("[] []"), 1, 4, T("expected nothing more after the value, found '['")},
    {T("{} {}"), 1, 4, T("expected nothing more after the value, found '{'")},
    {T("[]]"), 1, 3, T("expected nothing more after the value, found ']'")},
    {T("{}}"), 1, 3, T("expected nothing more after the value, found '}'")},
    {T("[],"), 1, 3, T("expected nothing more after the value, found ','")},
    {T("[1]//c"), 1, 4, T("expected nothing more after the value, found '//c'")},
    {T("[1]/*c*/"), 1, 4, T("expected nothing more after the value, found '/*c*/'")},
    {T("// c\n1"), 1, 1, T("expected a value: JSON has no comments")},
    {T("/*c*/1"), 1, 1, T("expected a value: JSON has no comments")},
    {T("# c\n1"), 1, 1, T("expected a value: JSON has no comments")},
    {T("[1,/*c*/2]"), 1, 4, T("expected a value: JSON has no comments")},
    {T("[1, # c\n 2]"), 1, 5, T("expected a value: JSON has no comments")},
    {T("[1,\x0C""2]"), 1, 4, T("expected a value, found '\\u000C'")},
    {T("[1,\x0B""2]"), 1, 4, T("expected a value, found '\\u000B'")},
    {T("[1,\xC2\xA0""2]"), 1, 4, T("expected a value, found '\xC2\xA0""2'")},
    {T("[1,\xE2\x80\xA8""2]"), 1, 4, T("expected a value, found '\\u20282'")},
    {T("[1,\xE2\x81\xA0""2]"), 1, 4, T("expected a value, found '\xE2\x81\xA0""2'")},
    {T("\xE2\x80\x8B[1]"), 1, 1, T("expected a value, found '\xE2\x80\x8B'")},
    {T("\x0C[]"), 1, 1, T("expected a value, found '\\u000C'")},
    {T("*"), 1, 1, T("expected a value, found '*'")},
    {T("<a>"), 1, 1, T("expected a value, found '<a>'")},
    {T("$"), 1, 1, T("expected a value, found '$'")},
    {T("---\ntitle: a\n"), 1, 2, T("expected a digit behind '-', found '--'")},
    {T("{\"a\":1,\"a\":2}"), 1, 8, T("the key 'a' is used twice (first in line 1)")},
    {T("{\"a\":1,\"\\u0061\":2}"), 1, 8, T("the key 'a' is used twice (first in line 1)")},
    {T("{\"\":1,\"\":2}"), 1, 7, T("the key '' is used twice (first in line 1)")},
    {T("{\"a\":{\"b\":1,\"b\":2}}"), 1, 13, T("the key 'b' is used twice (first in line 1)")},
    {T("[{\"a\":1},{\"a\":1,\"b\":2,\"a\":3}]"), 1, 23, T("the key 'a' is used twice (first in line 1)")},
    {T("{\"a\":1,\n\"b\":2,\n\"a\":3,\n\"a\":4}"), 3, 1, T("the key 'a' is used twice (first in line 1)")},
    {T("{\"a\\u0000\":1,\"a\\u0000\":2}"), 1, 14, T("the key 'a\\u0000' is used twice (first in line 1)")},
    {T("{\"\xC3\xA9\":1,\"\\u00e9\":2}"), 1, 8, T("the key '\xC3\xA9' is used twice (first in line 1)")},
};
/* clang-format on */

static void test_json_is_read_and_keeps_its_numbers_and_order(void **state)
{
    (void)state;
    struct tape tape;
    struct strbuf out;
    tape_init(&tape);
    strbuf_init(&out);
    for (size_t i = 0; i < sizeof valid_texts / sizeof valid_texts[0]; i++) {
        strbuf_reset(&out);
        if (!json_scan(valid_texts[i].text, &tape, NULL))
            fail_msg("refused: %.*s", STR_ARG(valid_texts[i].text));
        tape_add_json(&tape, 0, &out);
        if (!str_equal(strbuf_str(&out), valid_texts[i].json))
            fail_msg("%.*s became %.*s", STR_ARG(valid_texts[i].text), STR_ARG(strbuf_str(&out)));
    }
    strbuf_finish(&out);
    tape_finish(&tape);
}

static void test_what_is_not_json_is_refused_with_its_place_and_a_reason(void **state)
{
    (void)state;
    struct tape tape;
    struct arena arena;
    struct problem_list problems;
    tape_init(&tape);
    arena_init(&arena);
    for (size_t i = 0; i < sizeof broken_texts / sizeof broken_texts[0]; i++) {
        struct str text = broken_texts[i].text;
        problem_list_init(&problems, &arena);
        if (json_scan(text, &tape, &problems) || json_scan(text, &tape, NULL))
            fail_msg("accepted: %.*s", STR_ARG(text));
        assert_int_equal(tape.count, 0);
        problem_list_locate(&problems, text);
        assert_true(problems.count > 0 && problems.has_error);
        const struct problem *first = &problems.items[0];
        if (!str_equal(first->message, broken_texts[i].message) ||
            first->line != broken_texts[i].line || first->column != broken_texts[i].column)
            fail_msg("%.*s: %u:%u: %.*s", STR_ARG(text), first->line, first->column,
                     STR_ARG(first->message));
        assert_true(first->start <= first->end && first->end <= text.length);
    }
    arena_finish(&arena);
    tape_finish(&tape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_is_read_and_keeps_its_numbers_and_order),
        cmocka_unit_test(test_what_is_not_json_is_refused_with_its_place_and_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
