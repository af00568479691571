#include "CSimdJSON.h"

#include <cstring>

// Texts of frames that are read without a parser.

namespace {

constexpr size_t block = LEADMARKET_TEXT_PADDING;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "digits are joined lowest byte first");

/// Sixteen bytes, calculated with at once on every processor.
typedef uint8_t Bytes __attribute__((vector_size(block)));
typedef uint16_t Pairs __attribute__((vector_size(block)));

inline Bytes load(const uint8_t *from) {
    Bytes bytes;
    std::memcpy(&bytes, from, block);
    return bytes;
}

} // namespace

extern "C" bool leadmarket_read_hexadecimal(const uint8_t *digits, size_t words, uint64_t *result) {
    Bytes good = ~Bytes{};
    for (size_t word = 0; word < words; word++) {
        const Bytes bytes = load(digits + word * block);
        const Bytes decimal = bytes - '0';
        const Bytes letter = (bytes | 0x20) - 'a';
        const Bytes isDecimal = Bytes(decimal < 10);
        const Bytes isLetter = Bytes(letter < 6);
        good &= isDecimal | isLetter;
        // The first of two digits is the high half of its byte; the first byte is the highest of the word.
        const Pairs values = Pairs((decimal & isDecimal) | ((letter + 10) & isLetter));
        const Bytes joined = Bytes((values << 4 | values >> 8) & 0xFF);
        // Packed in order and turned around as a word: one instruction each, unlike packing backwards.
        const auto packed = __builtin_shufflevector(joined, joined, 0, 2, 4, 6, 8, 10, 12, 14);
        std::memcpy(result + word, &packed, sizeof packed);
        result[word] = __builtin_bswap64(result[word]);
    }
    uint64_t halves[2];
    std::memcpy(halves, &good, sizeof halves);
    return (halves[0] & halves[1]) == UINT64_MAX;
}

extern "C" size_t leadmarket_find_line_end(const uint8_t *bytes, size_t length) {
    const void *end = std::memchr(bytes, '\n', length);
    return end == nullptr ? length : size_t(static_cast<const uint8_t *>(end) - bytes);
}
