// SPDX-License-Identifier: MIT
/* Which texts are JSON and what they say, and what a person reads about those that are not. */
#include "parse/json.h"
#include "unit/unit.h"

/* clang-format off */
static const struct {
    struct str text, json;
} valid_texts[] = {
    {TEXT("0"), TEXT("0")},
    {TEXT("-0"), TEXT("-0")},
    {TEXT("1"), TEXT("1")},
    {TEXT("-1"), TEXT("-1")},
    {TEXT("12345678901234567890"), TEXT("12345678901234567890")},
    {TEXT("-9223372036854775808"), TEXT("-9223372036854775808")},
    {TEXT("9223372036854775807"), TEXT("9223372036854775807")},
    {TEXT("9223372036854775808"), TEXT("9223372036854775808")},
    {TEXT("0.5"), TEXT("0.5")},
    {TEXT("-0.0"), TEXT("-0.0")},
    {TEXT("1.10"), TEXT("1.10")},
    {TEXT("1e5"), TEXT("1e5")},
    {TEXT("1E5"), TEXT("1E5")},
    {TEXT("1e+5"), TEXT("1e+5")},
    {TEXT("1e-5"), TEXT("1e-5")},
    {TEXT("1E+05"), TEXT("1E+05")},
    {TEXT("0e0"), TEXT("0e0")},
    {TEXT("1.5e300"), TEXT("1.5e300")},
    {TEXT("1e400"), TEXT("1e400")},
    {TEXT("123456789.123456789e-123"), TEXT("123456789.123456789e-123")},
    {TEXT("true"), TEXT("true")},
    {TEXT("false"), TEXT("false")},
    {TEXT("null"), TEXT("null")},
    {TEXT("\"\""), TEXT("\"\"")},
    {TEXT("\"a\""), TEXT("\"a\"")},
    {TEXT("\"\x7F\""), TEXT("\"\x7F\"")},
    {TEXT("\" \""), TEXT("\" \"")},
    {TEXT("[]"), TEXT("[]")},
    {TEXT("[ ]"), TEXT("[]")},
    {TEXT("[\n\t\r ]"), TEXT("[]")},
    {TEXT("{}"), TEXT("{}")},
    {TEXT("{ }"), TEXT("{}")},
    {TEXT("[[]]"), TEXT("[[]]")},
    {TEXT("[[[[]]]]"), TEXT("[[[[]]]]")},
    {TEXT("[1]"), TEXT("[1]")},
    {TEXT("[1,2]"), TEXT("[1,2]")},
    {TEXT("[ 1 , 2 ]"), TEXT("[1,2]")},
    {TEXT("[1,\n2\r\n]"), TEXT("[1,2]")},
    {TEXT("[null,true,false,0,\"\",[],{}]"), TEXT("[null,true,false,0,\"\",[],{}]")},
    {TEXT("{\"a\":1}"), TEXT("{\"a\":1}")},
    {TEXT("{ \"a\" : 1 }"), TEXT("{\"a\":1}")},
    {TEXT("{\"a\":1,\"b\":2}"), TEXT("{\"a\":1,\"b\":2}")},
    {TEXT("{\"\":0}"), TEXT("{\"\":0}")},
    {TEXT("{\"\":{\"\":\"\"}}"), TEXT("{\"\":{\"\":\"\"}}")},
    {TEXT("{\"a\":{\"a\":{\"a\":1}}}"), TEXT("{\"a\":{\"a\":{\"a\":1}}}")},
    {TEXT("[{\"a\":1},{\"a\":2}]"), TEXT("[{\"a\":1},{\"a\":2}]")},
    {TEXT("{\"a\":1,\"A\":2}"), TEXT("{\"a\":1,\"A\":2}")},
    {TEXT("{\"a\":1,\"a \":2}"), TEXT("{\"a\":1,\"a \":2}")},
    {TEXT("{\"a\":1,\"a\\u0000\":2}"), TEXT("{\"a\":1,\"a\\u0000\":2}")},
    {TEXT("{\"\\u0061\":1}"), TEXT("{\"a\":1}")},
    {TEXT(" 1"), TEXT("1")},
    {TEXT("1 "), TEXT("1")},
    {TEXT("\n1\n"), TEXT("1")},
    {TEXT("\xEF\xBB\xBF""1"), TEXT("1")},
    {TEXT("\xEF\xBB\xBF {\"a\":1}"), TEXT("{\"a\":1}")},
    {TEXT("\"\\\"\""), TEXT("\"\\\"\"")},
    {TEXT("\"\\\\\""), TEXT("\"\\\\\"")},
    {TEXT("\"\\/\""), TEXT("\"/\"")},
    {TEXT("\"/\""), TEXT("\"/\"")},
    {TEXT("\"\\b\\f\\n\\r\\t\""), TEXT("\"\\b\\f\\n\\r\\t\"")},
    {TEXT("\"\\u0041\""), TEXT("\"A\"")},
    {TEXT("\"\\u00e9\""), TEXT("\"\xC3\xA9\"")},
    {TEXT("\"\\u00E9\""), TEXT("\"\xC3\xA9\"")},
    {TEXT("\"\\u20AC\""), TEXT("\"\xE2\x82\xAC\"")},
    {TEXT("\"\\ud83d\\ude00\""), TEXT("\"\xF0\x9F\x98\x80\"")},
    {TEXT("\"\\uD83D\\uDE00\""), TEXT("\"\xF0\x9F\x98\x80\"")},
    {TEXT("\"\\uDBFF\\uDFFF\""), TEXT("\"\xF4\x8F\xBF\xBF\"")},
    {TEXT("\"\\uD800\\uDC00\""), TEXT("\"\xF0\x90\x80\x80\"")},
    {TEXT("\"\\u0000\""), TEXT("\"\\u0000\"")},
    {TEXT("\"a\\u0000b\""), TEXT("\"a\\u0000b\"")},
    {TEXT("\"\\uFFFF\""), TEXT("\"\xEF\xBF\xBF\"")},
    {TEXT("\"\\uFFFE\""), TEXT("\"\xEF\xBF\xBE\"")},
    {TEXT("\"\\u2028\""), TEXT("\"\xE2\x80\xA8\"")},
    {TEXT("\"\xC3\xA9\""), TEXT("\"\xC3\xA9\"")},
    {TEXT("\"\xE2\x82\xAC\""), TEXT("\"\xE2\x82\xAC\"")},
    {TEXT("\"\xF0\x9F\x98\x80\""), TEXT("\"\xF0\x9F\x98\x80\"")},
    {TEXT("\"\xF4\x8F\xBF\xBF\""), TEXT("\"\xF4\x8F\xBF\xBF\"")},
    {TEXT("\"\xEF\xBF\xBF\""), TEXT("\"\xEF\xBF\xBF\"")},
    {TEXT("\"\xE2\x80\xA8\""), TEXT("\"\xE2\x80\xA8\"")},
    {TEXT("\"\xC2\x80\""), TEXT("\"\xC2\x80\"")},
    {TEXT("\"\xEF\xBB\xBF\""), TEXT("\"\xEF\xBB\xBF\"")},
    {TEXT("\"12345678\\n\""), TEXT("\"12345678\\n\"")},
    {TEXT("\"1234567\\\"8\""), TEXT("\"1234567\\\"8\"")},
    {TEXT("\"12345678\""), TEXT("\"12345678\"")},
    {TEXT("\"1234567890123456\""), TEXT("\"1234567890123456\"")},
    {TEXT("\"a\\nb\\nc\""), TEXT("\"a\\nb\\nc\"")},
    {TEXT("\"\xC3\xA9\\n\xC3\xA9\""), TEXT("\"\xC3\xA9\\n\xC3\xA9\"")},
    {TEXT("\"\\\\u0041\""), TEXT("\"\\\\u0041\"")},
    {TEXT("\"http:\\/\\/a\""), TEXT("\"http://a\"")},
    {TEXT("\"[1]{\\\"a\\\":1}\""), TEXT("\"[1]{\\\"a\\\":1}\"")},
    {TEXT("\"# not a comment\""), TEXT("\"# not a comment\"")},
};

/* The place and the words of the first problem. */
static const struct {
    struct str text;
    uint32_t line, column;
    struct str message;
} broken_texts[] = {
    {TEXT(""), 1, 1, TEXT("there is no JSON value: the text is empty")},
    {TEXT("   "), 1, 4, TEXT("there is no JSON value: the text is empty")},
    {TEXT("\xEF\xBB\xBF"), 1, 1, TEXT("there is no JSON value: the text is empty")},
    {TEXT("\xEF\xBB\xBF\xEF\xBB\xBF""1"), 1, 1, TEXT("expected a value, found '\xEF\xBB\xBF""1'")},
    {TEXT("\xEF\xBB"), 1, 1, TEXT("not valid UTF-8 (byte 0xEF): save the file as UTF-8")},
    {TEXT("\xFF\xFE[\000]\000"), 1, 1, TEXT("the file is UTF-16: save it as UTF-8")},
    {TEXT("["), 1, 2, TEXT("expected a value, but the text ends here")},
    {TEXT("]"), 1, 1, TEXT("expected a value, found ']'")},
    {TEXT("{"), 1, 2, TEXT("expected a key in double quotes, but the text ends here")},
    {TEXT("}"), 1, 1, TEXT("expected a value, found '}'")},
    {TEXT("[1"), 1, 3, TEXT("the text ends inside the array that starts in line 1")},
    {TEXT("[1,"), 1, 4, TEXT("expected a value, but the text ends here")},
    {TEXT("[,"), 1, 2, TEXT("expected a value, found ','")},
    {TEXT("[,1]"), 1, 2, TEXT("expected a value, found ','")},
    {TEXT("[1,]"), 1, 4, TEXT("expected a value after ',', found ']'")},
    {TEXT("[1,,2]"), 1, 4, TEXT("expected a value, found ','")},
    {TEXT("[1 2]"), 1, 4, TEXT("expected ',' or ']' after the value, found '2'")},
    {TEXT("[1;2]"), 1, 3, TEXT("expected ',' or ']' after the value, found ';2'")},
    {TEXT("[1:2]"), 1, 3, TEXT("expected ',' or ']' after the value, found ':'")},
    {TEXT("[1}"), 1, 3, TEXT("expected ',' or ']' after the value, found '}'")},
    {TEXT("{]"), 1, 2, TEXT("expected a key in double quotes, found ']'")},
    {TEXT("{\"a\":1]"), 1, 7, TEXT("expected ',' or '}' after the value, found ']'")},
    {TEXT("[\"a\""), 1, 5, TEXT("the text ends inside the array that starts in line 1")},
    {TEXT("[\"a"), 1, 2, TEXT("the string has no closing quote")},
    {TEXT("[\"a]"), 1, 2, TEXT("the string has no closing quote")},
    {TEXT("[\"a\nb\"]"), 1, 2, TEXT("the string has no closing quote in its line (write \\n for a line break)")},
    {TEXT("[\"a\tb\"]"), 1, 4, TEXT("a tab inside a string (write \\t)")},
    {TEXT("[\"a\x01""b\"]"), 1, 4, TEXT("a control character inside a string (write \\u and four digits)")},
    {TEXT("[\"a\000b\"]"), 1, 4, TEXT("a control character inside a string (write \\u and four digits)")},
    {TEXT("[\000]"), 1, 2, TEXT("expected a value, found '\\u0000'")},
    {TEXT("\000"), 1, 1, TEXT("expected a value, found '\\u0000'")},
    {TEXT("1\000"), 1, 2, TEXT("expected nothing more after the value, found '\\u0000'")},
    {TEXT("[\"\\\"]"), 1, 2, TEXT("the string has no closing quote")},
    {TEXT("[\"\\x41\"]"), 1, 3, TEXT("unknown escape (a backslash itself is written \\\\)")},
    {TEXT("[\"\\a\"]"), 1, 3, TEXT("unknown escape (a backslash itself is written \\\\)")},
    {TEXT("[\"\\'\"]"), 1, 3, TEXT("unknown escape (a backslash itself is written \\\\)")},
    {TEXT("[\"\\\n\"]"), 1, 3, TEXT("unknown escape (a backslash itself is written \\\\)")},
    {TEXT("[\"\\\xC3\xA9\"]"), 1, 3, TEXT("unknown escape (a backslash itself is written \\\\)")},
    {TEXT("[\"\\u\"]"), 1, 3, TEXT("\\u needs four hexadecimal digits")},
    {TEXT("[\"\\u00\"]"), 1, 3, TEXT("\\u needs four hexadecimal digits")},
    {TEXT("[\"\\u00A\"]"), 1, 3, TEXT("\\u needs four hexadecimal digits")},
    {TEXT("[\"\\u00G0\"]"), 1, 3, TEXT("\\u needs four hexadecimal digits")},
    {TEXT("[\"\\u 123\"]"), 1, 3, TEXT("\\u needs four hexadecimal digits")},
    {TEXT("[\"\\U0041\"]"), 1, 3, TEXT("unknown escape (a backslash itself is written \\\\)")},
    {TEXT("[\"\\uD800\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\uD800a\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\uD800\\n\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\uD800\\u0041\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\uD800\\uD800\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\uDC00\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\uDC00\\uD800\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\uD83D\\u\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\uD83D\\uDE0\"]"), 1, 3, TEXT("half of a surrogate pair: it stands for no character")},
    {TEXT("[\"\\"), 1, 2, TEXT("the string has no closing quote")},
    {TEXT("[\"\\\""), 1, 2, TEXT("the string has no closing quote")},
    {TEXT("[\"\\u"), 1, 2, TEXT("the string has no closing quote")},
    {TEXT("[\"\xFF\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0xFF): save the file as UTF-8")},
    {TEXT("[\"\xC0\xAF\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0xC0): save the file as UTF-8")},
    {TEXT("[\"\xC3\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0xC3): save the file as UTF-8")},
    {TEXT("[\"\xC3(\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0xC3): save the file as UTF-8")},
    {TEXT("[\"\xED\xA0\x80\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0xED): save the file as UTF-8")},
    {TEXT("[\"\xE0\x80\xAF\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0xE0): save the file as UTF-8")},
    {TEXT("[\"\xF4\x90\x80\x80\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0xF4): save the file as UTF-8")},
    {TEXT("[\"\xF8\x88\x80\x80\x80\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0xF8): save the file as UTF-8")},
    {TEXT("[\"\x80\"]"), 1, 3, TEXT("not valid UTF-8 (byte 0x80): save the file as UTF-8")},
    {TEXT("[\"caf\xE9\"]"), 1, 6, TEXT("not valid UTF-8 (byte 0xE9): save the file as UTF-8")},
    {TEXT("[\"ok \\n caf\xE9\"]"), 1, 12, TEXT("not valid UTF-8 (byte 0xE9): save the file as UTF-8")},
    {TEXT("{\"caf\xE9\":1}"), 1, 6, TEXT("not valid UTF-8 (byte 0xE9): save the file as UTF-8")},
    {TEXT("[\xE9]"), 1, 2, TEXT("not valid UTF-8 (byte 0xE9): save the file as UTF-8")},
    {TEXT("[\xC3\xA9]"), 1, 2, TEXT("expected a value, found '\xC3\xA9'")},
    {TEXT("['a']"), 1, 2, TEXT("expected a value: strings need double quotes")},
    {TEXT("{'a':1}"), 1, 2, TEXT("expected a key in double quotes, found '''")},
    {TEXT("{a:1}"), 1, 2, TEXT("expected a key in double quotes, found 'a'")},
    {TEXT("{\"a\" 1}"), 1, 6, TEXT("expected ':' after the key, found '1'")},
    {TEXT("{\"a\":}"), 1, 6, TEXT("expected a value, found '}'")},
    {TEXT("{\"a\"}"), 1, 5, TEXT("expected ':' after the key, found '}'")},
    {TEXT("{\"a\":1,}"), 1, 8, TEXT("expected a key in double quotes, found '}'")},
    {TEXT("{,\"a\":1}"), 1, 2, TEXT("expected a key in double quotes, found ','")},
    {TEXT("{\"a\":1,,\"b\":2}"), 1, 8, TEXT("expected a key in double quotes, found ','")},
    {TEXT("{\"a\":1 \"b\":2}"), 1, 8, TEXT("expected ',' or '}' after the value, found '\"'")},
    {TEXT("{\"a\":1;\"b\":2}"), 1, 7, TEXT("expected ',' or '}' after the value, found ';'")},
    {TEXT("{\"a\"::1}"), 1, 6, TEXT("expected a value, found ':'")},
    {TEXT("{\"a\"=1}"), 1, 5, TEXT("expected ':' after the key, found '=1'")},
    {TEXT("{1:1}"), 1, 2, TEXT("expected a key in double quotes, found '1'")},
    {TEXT("{null:1}"), 1, 2, TEXT("expected a key in double quotes, found 'null'")},
    {TEXT("{\"a\":1,2}"), 1, 8, TEXT("expected a key in double quotes, found '2'")},
    {TEXT("{\"a\":\"b\":\"c\"}"), 1, 9, TEXT("expected ',' or '}' after the value, found ':'")},
    {TEXT("{\"a\":1"), 1, 7, TEXT("the text ends inside the object that starts in line 1")},
    {TEXT("{\"a\":"), 1, 6, TEXT("expected a value, but the text ends here")},
    {TEXT("{\"a\""), 1, 5, TEXT("expected ':' after the key, but the text ends here")},
    {TEXT("{\"a"), 1, 2, TEXT("the string has no closing quote")},
    {TEXT("{\"a\":[1}"), 1, 8, TEXT("expected ',' or ']' after the value, found '}'")},
    {TEXT("{\"a\":{\"b\":1}"), 1, 13, TEXT("the text ends inside the object that starts in line 1")},
    {TEXT("{\n  \"a\": [\n    1\n"), 4, 1, TEXT("the text ends inside the array that starts in line 2")},
    {TEXT("+1"), 1, 1, TEXT("a number must not start with '+'")},
    {TEXT("-"), 1, 2, TEXT("expected a digit behind '-', but the text ends here")},
    {TEXT("--1"), 1, 2, TEXT("expected a digit behind '-', found '-1'")},
    {TEXT("- 1"), 1, 2, TEXT("expected a digit behind '-', found ' '")},
    {TEXT("-a"), 1, 2, TEXT("expected a digit behind '-', found 'a'")},
    {TEXT("-0x1"), 1, 3, TEXT("expected nothing more after the value, found 'x1'")},
    {TEXT("01"), 1, 1, TEXT("a number must not start with 0")},
    {TEXT("00"), 1, 1, TEXT("a number must not start with 0")},
    {TEXT("-01"), 1, 1, TEXT("a number must not start with 0")},
    {TEXT("007"), 1, 1, TEXT("a number must not start with 0")},
    {TEXT("0x1F"), 1, 2, TEXT("expected nothing more after the value, found 'x1F'")},
    {TEXT("0b1"), 1, 2, TEXT("expected nothing more after the value, found 'b1'")},
    {TEXT("0o7"), 1, 2, TEXT("expected nothing more after the value, found 'o7'")},
    {TEXT("1."), 1, 3, TEXT("expected a digit behind the decimal point, but the text ends here")},
    {TEXT("-1."), 1, 4, TEXT("expected a digit behind the decimal point, but the text ends here")},
    {TEXT("1.e5"), 1, 3, TEXT("expected a digit behind the decimal point, found 'e5'")},
    {TEXT("1.a"), 1, 3, TEXT("expected a digit behind the decimal point, found 'a'")},
    {TEXT(".5"), 1, 1, TEXT("a number must not start with '.' (write 0.5)")},
    {TEXT("-.5"), 1, 2, TEXT("expected a digit behind '-', found '.5'")},
    {TEXT("1e"), 1, 3, TEXT("expected a digit in the exponent, but the text ends here")},
    {TEXT("1E"), 1, 3, TEXT("expected a digit in the exponent, but the text ends here")},
    {TEXT("1e+"), 1, 4, TEXT("expected a digit in the exponent, but the text ends here")},
    {TEXT("1e-"), 1, 4, TEXT("expected a digit in the exponent, but the text ends here")},
    {TEXT("1ea"), 1, 3, TEXT("expected a digit in the exponent, found 'a'")},
    {TEXT("1e5.5"), 1, 4, TEXT("expected nothing more after the value, found '.5'")},
    {TEXT("1.2.3"), 1, 4, TEXT("expected nothing more after the value, found '.3'")},
    {TEXT("1_000"), 1, 2, TEXT("expected nothing more after the value, found '_000'")},
    {TEXT("1 000"), 1, 3, TEXT("expected nothing more after the value, found '000'")},
    {TEXT("1,5"), 1, 2, TEXT("expected nothing more after the value, found ','")},
    {TEXT("1a"), 1, 2, TEXT("expected nothing more after the value, found 'a'")},
    {TEXT("1-"), 1, 2, TEXT("expected nothing more after the value, found '-'")},
    {TEXT("1-2"), 1, 2, TEXT("expected nothing more after the value, found '-2'")},
    {TEXT("NaN"), 1, 1, TEXT("expected a value, found 'NaN'")},
    {TEXT("-NaN"), 1, 2, TEXT("expected a digit behind '-', found 'NaN'")},
    {TEXT("Infinity"), 1, 1, TEXT("expected a value, found 'Infinity'")},
    {TEXT("-Infinity"), 1, 2, TEXT("expected a digit behind '-', found 'Infinity'")},
    {TEXT("nul"), 1, 1, TEXT("expected a value, found 'nul'")},
    {TEXT("nulL"), 1, 1, TEXT("expected a value, found 'nulL'")},
    {TEXT("nulll"), 1, 1, TEXT("expected a value, found 'nulll'")},
    {TEXT("Null"), 1, 1, TEXT("true, false and null are written in small letters")},
    {TEXT("NULL"), 1, 1, TEXT("true, false and null are written in small letters")},
    {TEXT("None"), 1, 1, TEXT("expected a value, found 'None'")},
    {TEXT("tru"), 1, 1, TEXT("expected a value, found 'tru'")},
    {TEXT("True"), 1, 1, TEXT("true, false and null are written in small letters")},
    {TEXT("TRUE"), 1, 1, TEXT("true, false and null are written in small letters")},
    {TEXT("truth"), 1, 1, TEXT("expected a value, found 'truth'")},
    {TEXT("true1"), 1, 1, TEXT("expected a value, found 'true1'")},
    {TEXT("true,"), 1, 5, TEXT("expected nothing more after the value, found ','")},
    {TEXT("fals"), 1, 1, TEXT("expected a value, found 'fals'")},
    {TEXT("False"), 1, 1, TEXT("true, false and null are written in small letters")},
    {TEXT("FALSE"), 1, 1, TEXT("true, false and null are written in small letters")},
    {TEXT("yes"), 1, 1, TEXT("expected a value, found 'yes'")},
    {TEXT("undefined"), 1, 1, TEXT("expected a value, found 'undefined'")},
    {TEXT("a"), 1, 1, TEXT("expected a value, found 'a'")},
    {TEXT("abc def"), 1, 1, TEXT("expected a value, found 'abc'")},
    {TEXT("\"a"), 1, 1, TEXT("the string has no closing quote")},
    {TEXT("\"a\" \"b\""), 1, 5, TEXT("expected nothing more after the value, found '\"'")},
    {TEXT("\"a\" b"), 1, 5, TEXT("expected nothing more after the value, found 'b'")},
    {TEXT("1 2"), 1, 3, TEXT("expected nothing more after the value, found '2'")},
    {TEXT("[] []"), 1, 4, TEXT("expected nothing more after the value, found '['")},
    {TEXT("{} {}"), 1, 4, TEXT("expected nothing more after the value, found '{'")},
    {TEXT("[]]"), 1, 3, TEXT("expected nothing more after the value, found ']'")},
    {TEXT("{}}"), 1, 3, TEXT("expected nothing more after the value, found '}'")},
    {TEXT("[],"), 1, 3, TEXT("expected nothing more after the value, found ','")},
    {TEXT("[1]//c"), 1, 4, TEXT("expected nothing more after the value, found '//c'")},
    {TEXT("[1]/*c*/"), 1, 4, TEXT("expected nothing more after the value, found '/*c*/'")},
    {TEXT("// c\n1"), 1, 1, TEXT("expected a value: JSON has no comments")},
    {TEXT("/*c*/1"), 1, 1, TEXT("expected a value: JSON has no comments")},
    {TEXT("# c\n1"), 1, 1, TEXT("expected a value: JSON has no comments")},
    {TEXT("[1,/*c*/2]"), 1, 4, TEXT("expected a value: JSON has no comments")},
    {TEXT("[1, # c\n 2]"), 1, 5, TEXT("expected a value: JSON has no comments")},
    {TEXT("[1,\x0C""2]"), 1, 4, TEXT("expected a value, found '\\u000C'")},
    {TEXT("[1,\x0B""2]"), 1, 4, TEXT("expected a value, found '\\u000B'")},
    {TEXT("[1,\xC2\xA0""2]"), 1, 4, TEXT("expected a value, found '\xC2\xA0""2'")},
    {TEXT("[1,\xE2\x80\xA8""2]"), 1, 4, TEXT("expected a value, found '\\u20282'")},
    {TEXT("[1,\xE2\x81\xA0""2]"), 1, 4, TEXT("expected a value, found '\xE2\x81\xA0""2'")},
    {TEXT("\xE2\x80\x8B[1]"), 1, 1, TEXT("expected a value, found '\xE2\x80\x8B'")},
    {TEXT("\x0C[]"), 1, 1, TEXT("expected a value, found '\\u000C'")},
    {TEXT("*"), 1, 1, TEXT("expected a value, found '*'")},
    {TEXT("<a>"), 1, 1, TEXT("expected a value, found '<a>'")},
    {TEXT("$"), 1, 1, TEXT("expected a value, found '$'")},
    {TEXT("---\ntitle: a\n"), 1, 2, TEXT("expected a digit behind '-', found '--'")},
    {TEXT("{\"a\":1,\"a\":2}"), 1, 8, TEXT("the key 'a' is used twice (first in line 1)")},
    {TEXT("{\"a\":1,\"\\u0061\":2}"), 1, 8, TEXT("the key 'a' is used twice (first in line 1)")},
    {TEXT("{\"\":1,\"\":2}"), 1, 7, TEXT("the key '' is used twice (first in line 1)")},
    {TEXT("{\"a\":{\"b\":1,\"b\":2}}"), 1, 13, TEXT("the key 'b' is used twice (first in line 1)")},
    {TEXT("[{\"a\":1},{\"a\":1,\"b\":2,\"a\":3}]"), 1, 23, TEXT("the key 'a' is used twice (first in line 1)")},
    {TEXT("{\"a\":1,\n\"b\":2,\n\"a\":3,\n\"a\":4}"), 3, 1, TEXT("the key 'a' is used twice (first in line 1)")},
    {TEXT("{\"a\\u0000\":1,\"a\\u0000\":2}"), 1, 14, TEXT("the key 'a\\u0000' is used twice (first in line 1)")},
    {TEXT("{\"\xC3\xA9\":1,\"\\u00e9\":2}"), 1, 8, TEXT("the key '\xC3\xA9' is used twice (first in line 1)")},
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
