#include "CSimdJSON.h"

#include <cstring>
#include <simdjson.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// One pass over a document of the plain kind. What keeps it inside the bytes: the last byte is checked to close a
// container, so neither white space nor a number runs over it, whatever is consumed before it has a byte after it, and
// only closing a container and strings look where the end is.

namespace {

constexpr uint32_t deepest = 16;
constexpr size_t block = 16;
constexpr size_t mostDigits = 18;

/// A container that is open.
struct Open {
    uint32_t token;
    uint32_t children;
    uint8_t closing;
};

inline bool isSpace(uint8_t byte) {
    return byte <= ' ' && (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r');
}

/// Finds ends of strings, 16 bytes at a time, and notes whether anything was beyond ASCII.
struct StringEnds {
    const uint8_t *end;
#if defined(__SSE2__)
    __m128i seen = _mm_setzero_si128();

    /// One bit for each of 16 bytes that ends a plain string or is none of its characters.
    uint32_t stops(const uint8_t *at) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
        seen = _mm_or_si128(seen, bytes);
        const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
        const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
        const __m128i escape = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
        return uint32_t(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(control, quote), escape)));
    }

    bool sawMoreThanASCII() const { return _mm_movemask_epi8(seen) != 0; }

    /// The quote that ends the string whose first character is at `at`; null when it is not plain.
    const uint8_t *find(const uint8_t *at) {
        while (size_t(end - at) >= block) {
            const uint32_t mask = stops(at);
            if (mask != 0) {
                at += __builtin_ctz(mask);
                return *at == '"' ? at : nullptr;
            }
            at += block;
        }
        // The last block of the document once more, without what lies before `at`.
        const uint8_t *last = end - block;
        const uint32_t mask = stops(last) >> (at - last) << (at - last);
        if (mask == 0) return nullptr;
        at = last + __builtin_ctz(mask);
        return *at == '"' ? at : nullptr;
    }
#else
    uint8_t seen = 0;

    bool sawMoreThanASCII() const { return seen >= 0x80; }

    const uint8_t *find(const uint8_t *at) {
        for (; at < end; at++) {
            if (*at == '"') return at;
            if (*at == '\\' || *at < 0x20) return nullptr;
            seen |= *at;
        }
        return nullptr;
    }
#endif
};

/// A scan on its way: where it is, and the container it is in.
struct Scan {
    Scan(const uint8_t *begin, const uint8_t *end, leadmarket_json_token *tokens)
        : at(begin), begin(begin), end(end), tokens(tokens), strings{end} {}

    const uint8_t *at;
    const uint8_t *const begin;
    const uint8_t *const end;
    leadmarket_json_token *const tokens;
    StringEnds strings;
    uint32_t count = 0;
    uint32_t depth = 0;
    Open parent = {0, 0, 0};
    Open outer[deepest];

    void skipSpace() {
        while (isSpace(*at)) at++;
    }

    /// Reads the member's name before a value, and its colon.
    bool readName(leadmarket_json_token &token) {
        if (*at != '"') return false;
        const uint8_t *name = at + 1;
        const uint8_t *quote = strings.find(name);
        if (quote == nullptr) return false;
        token.name = uint32_t(name - begin);
        token.name_length = uint32_t(quote - name);
        at = quote + 1;
        skipSpace();
        if (*at != ':') return false;
        at++;
        skipSpace();
        return true;
    }

    bool readString(leadmarket_json_token &token) {
        const uint8_t *text = at + 1;
        const uint8_t *quote = strings.find(text);
        if (quote == nullptr) return false;
        token.kind = LEADMARKET_JSON_STRING;
        token.length = uint32_t(quote - text);
        token.value = uint64_t(text - begin);
        at = quote + 1;
        return true;
    }

    /// Reads an integer of at most 18 digits; neither leading zeros nor minus zero.
    bool readInteger(leadmarket_json_token &token) {
        const bool isNegative = *at == '-';
        if (isNegative) at++;
        const uint8_t *first = at;
        uint64_t sum = 0;
        for (uint8_t digit; (digit = uint8_t(*at - '0')) < 10; at++) sum = sum * 10 + digit;
        const size_t digits = size_t(at - first);
        if (digits - 1 >= mostDigits || (*first == '0' && (digits > 1 || isNegative))) return false;
        token.kind = LEADMARKET_JSON_INTEGER;
        token.value = isNegative ? 0 - sum : sum;
        return true;
    }

    bool readLiteral(leadmarket_json_token &token, const char *word, size_t length, uint32_t kind) {
        // What follows the word is at least the end of the document.
        if (size_t(end - at) <= length || std::memcmp(at, word, length) != 0) return false;
        token.kind = kind;
        at += length;
        return true;
    }

    /// Steps into the container that begins here.
    void open(leadmarket_json_token &token, bool isObject) {
        token.kind = isObject ? LEADMARKET_JSON_OBJECT : LEADMARKET_JSON_ARRAY;
        outer[depth++] = parent;
        parent = {count, 0, uint8_t(isObject ? '}' : ']')};
        at++;
    }

    /// Steps out of the container that ends here.
    void close() {
        tokens[parent.token].length = parent.children;
        tokens[parent.token].value = count;
        parent = outer[--depth];
        at++;
    }

    /// Reads one value, or the beginning of one that contains others; `isOpen` says which.
    bool readValue(leadmarket_json_token &token, uint32_t maximumDepth, bool &isOpen) {
        switch (*at) {
        case '"': return readString(token);
        case 't': return readLiteral(token, "true", 4, LEADMARKET_JSON_TRUE);
        case 'f': return readLiteral(token, "false", 5, LEADMARKET_JSON_FALSE);
        case 'n': return readLiteral(token, "null", 4, LEADMARKET_JSON_NULL);
        case '{':
        case '[':
            if (depth == maximumDepth) return false;
            open(token, *at == '{');
            isOpen = true;
            return true;
        default: return readInteger(token);
        }
    }

    /// Takes the comma after a value, or steps out of what ends there; false at the end and where neither stands.
    bool readEnd() {
        while (true) {
            skipSpace();
            if (*at == ',') {
                at++;
                return true;
            }
            if (*at != parent.closing) return false;
            close();
            if (depth == 0 || at == end) return false;
        }
    }

    /// Whether the document is a whole one of the plain kind.
    bool run(size_t capacity, uint32_t maximumDepth) {
        skipSpace();
        if (*at != '{' && *at != '[') return false;
        while (true) {
            if (count == capacity) return false;
            leadmarket_json_token &token = tokens[count];
            token.name_length = 0;
            skipSpace();
            if (parent.closing == '}' && !readName(token)) return false;
            parent.children++;
            bool isOpen = false;
            if (!readValue(token, maximumDepth, isOpen)) return false;
            count++;
            if (isOpen) {
                skipSpace();
                if (*at != parent.closing) continue;
            }
            if (!readEnd()) return depth == 0 && at == end;
        }
    }
};

} // namespace

extern "C" size_t leadmarket_json_scan(
    const uint8_t *bytes, size_t length, uint32_t maximum_depth, leadmarket_json_token *tokens, size_t capacity) {
    const uint8_t *end = bytes + length;
    while (end > bytes && isSpace(end[-1])) end--;
    if (size_t(end - bytes) < block || length > UINT32_MAX || (end[-1] != '}' && end[-1] != ']')) return 0;
    Scan scan(bytes, end, tokens);
    if (!scan.run(capacity, maximum_depth < deepest ? maximum_depth : deepest)) return 0;
    const bool isText = !scan.strings.sawMoreThanASCII()
        || simdjson::validate_utf8(reinterpret_cast<const char *>(bytes), length);
    return isText ? scan.count : 0;
}

extern "C" size_t leadmarket_find_line_end(const uint8_t *bytes, size_t length) {
    const void *end = std::memchr(bytes, '\n', length);
    return end == nullptr ? length : size_t(static_cast<const uint8_t *>(end) - bytes);
}
