/// simdjson (Debian libsimdjson) behind a small C interface: one call parses one JSON document into a flat array of
/// nodes. Every value is validated: grammar, UTF-8 (also of unescaped strings), depth and number ranges.
#ifndef LEADMARKET_CSIMDJSON_H
#define LEADMARKET_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

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

/// One value of a plain document, in document order, with the name it has in its object.
typedef struct {
    /// The offset of the name in the document; only where there is one.
    uint32_t name;
    /// The bytes of the name; 0 also for the root and for elements of arrays.
    uint32_t name_length;
    uint32_t kind;
    /// The bytes of a string, the number of elements or members of a container.
    uint32_t length;
    /// A string's offset in the document, an int64_t, or the index of the token after the last one in a container.
    uint64_t value;
} leadmarket_json_token;

/// Scans a plain document, copying nothing: an object or array without escapes in its strings, fractions, exponents,
/// integers of more than 18 digits or minus zero, of at most `capacity` values nested at most `maximum_depth` and 16
/// deep. Grammar and UTF-8 are checked in full; names that occur twice are not looked for.
///
/// Returns the number of tokens; 0 for any other document, of which `leadmarket_json_parse` says what it is.
size_t leadmarket_json_scan(
    const uint8_t *bytes, size_t length, uint32_t maximum_depth, leadmarket_json_token *tokens, size_t capacity);

/// The offset of the first `\n` among `length` bytes, or `length` when there is none.
size_t leadmarket_find_line_end(const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif

#endif
