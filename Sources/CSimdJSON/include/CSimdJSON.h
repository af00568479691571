/// simdjson (Debian libsimdjson) behind a small C interface: one call parses one JSON document into a flat array of
/// nodes. Every value is validated: grammar, UTF-8 (also of unescaped strings), depth and number ranges.
#ifndef LEADMARKET_CSIMDJSON_H
#define LEADMARKET_CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/// A parser and its reusable buffers. Not safe for use by two threads at once.
typedef struct leadmarket_json_parser leadmarket_json_parser;

/// What a node is.
enum {
    LEADMARKET_JSON_NULL = 0,
    LEADMARKET_JSON_FALSE = 1,
    LEADMARKET_JSON_TRUE = 2,
    /// `value` is an int64_t.
    LEADMARKET_JSON_INTEGER = 3,
    /// `value` is a uint64_t above INT64_MAX.
    LEADMARKET_JSON_UNSIGNED = 4,
    /// `value` holds the bits of a double; the text had a fraction or an exponent.
    LEADMARKET_JSON_DOUBLE = 5,
    /// `value` is the offset in `strings`, `length` the number of bytes (unescaped UTF-8).
    LEADMARKET_JSON_STRING = 6,
    /// `length` is the number of elements, `value` the index of the node after the last of them.
    LEADMARKET_JSON_ARRAY = 7,
    /// `length` is the number of members, each a string node and then the value; `value` as for an array.
    LEADMARKET_JSON_OBJECT = 8,
};

/// Why a document was refused.
enum {
    LEADMARKET_JSON_OK = 0,
    LEADMARKET_JSON_MALFORMED = 1,
    LEADMARKET_JSON_INVALID_UTF8 = 2,
    LEADMARKET_JSON_TOO_DEEP = 3,
    /// A number that is good JSON but fits neither int64_t, uint64_t nor, with a fraction or exponent, a double.
    LEADMARKET_JSON_NUMBER_OUT_OF_RANGE = 4,
    LEADMARKET_JSON_OUT_OF_MEMORY = 5,
};

/// One value, in document order.
typedef struct {
    uint32_t kind;
    uint32_t length;
    uint64_t value;
} leadmarket_json_node;

/// The outcome of a parse. The pointers stay valid until the parser's next call or its end.
typedef struct {
    const leadmarket_json_node *nodes;
    const uint8_t *strings;
    uint32_t node_count;
    uint32_t status;
    /// Whether some object has two members of one name.
    uint32_t has_duplicates;
} leadmarket_json_document;

/// Makes a parser that refuses documents nested deeper than `maximum_depth`; NULL when memory is short.
leadmarket_json_parser *leadmarket_json_parser_create(uint32_t maximum_depth);

/// Frees the parser; NULL is allowed.
void leadmarket_json_parser_destroy(leadmarket_json_parser *parser);

/// Parses `length` bytes. The bytes are copied first: they need no padding and are not kept.
leadmarket_json_document leadmarket_json_parse(leadmarket_json_parser *parser, const uint8_t *bytes, size_t length);

/// The offset of the first `\n` among `length` bytes, or `length` when there is none.
size_t leadmarket_find_line_end(const uint8_t *bytes, size_t length);

/// Zero bytes that must stand behind a text for the functions below.
enum { LEADMARKET_TEXT_PADDING = 16 };

/// The beginning of a JSON string, as it is compared.
typedef struct {
    /// Its first sixteen bytes, zero from its end on; all sixteen where it does not end among them.
    uint64_t first;
    uint64_t second;
    /// The bytes before the first quote; 16 where that is not among the first sixteen.
    uint32_t length;
} leadmarket_text_head;

/// Reads the beginning of the string whose first character is at `text`, padded.
static inline leadmarket_text_head leadmarket_read_text_head(const uint8_t *text) {
    static const uint8_t kept[33] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
#if defined(__SSE2__)
    const __m128i block = _mm_loadu_si128((const __m128i *)text);
    const uint32_t quotes = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')));
    const uint32_t length = (uint32_t)__builtin_ctz(quotes | 1U << 16);
#else
    uint32_t length = 0;
    while (length < 16 && text[length] != '"') length++;
#endif
    uint64_t words[2], masks[2];
    memcpy(words, text, sizeof words);
    memcpy(masks, kept + 16 - length, sizeof masks);
    leadmarket_text_head head = {words[0] & masks[0], words[1] & masks[1], length};
    return head;
}

/// The bytes of the JSON string whose first character is at `text`, padded; -1 when it has escapes, control
/// characters or no end. Whether it is UTF-8 is not looked at. Zero stops the search: it reads no more than the padding
/// behind the first zero.
static inline ptrdiff_t leadmarket_plain_text_length(const uint8_t *text) {
    const uint8_t *at = text;
#if defined(__SSE2__)
    uint32_t stops = 0;
    for (;; at += LEADMARKET_TEXT_PADDING) {
        const __m128i block = _mm_loadu_si128((const __m128i *)at);
        const __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
        const __m128i escapes = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
        const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
        stops = (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, escapes), controls));
        if (stops != 0) break;
    }
    at += __builtin_ctz(stops);
#else
    while (*at != '"' && *at != '\\' && *at >= 0x20) at++;
#endif
    return *at == '"' ? at - text : -1;
}

/// Reads `words` words of sixteen hexadecimal digits each, of either case, the highest digit first; false when one is
/// none. All of them must be there.
bool leadmarket_read_hexadecimal(const uint8_t *digits, size_t words, uint64_t *result);

#ifdef __cplusplus
}
#endif

#endif
