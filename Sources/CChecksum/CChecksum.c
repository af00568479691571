#include "CChecksum.h"

#include <pthread.h>
#include <string.h>

// MARK: portable: slicing by eight

static uint32_t table[8][256];
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void make_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78u : 0);
        table[0][byte] = crc;
    }
    for (uint32_t byte = 0; byte < 256; byte++)
        for (int slice = 1; slice < 8; slice++) {
            uint32_t before = table[slice - 1][byte];
            table[slice][byte] = (before >> 8) ^ table[0][before & 0xff];
        }
}

static uint32_t load32(const unsigned char *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t leadmarket_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
    pthread_once(&table_once, make_table);
    const unsigned char *p = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, p += 8) {
        uint32_t low = crc ^ load32(p), high = load32(p + 4);
        crc = table[7][low & 0xff] ^ table[6][(low >> 8) & 0xff]
            ^ table[5][(low >> 16) & 0xff] ^ table[4][low >> 24]
            ^ table[3][high & 0xff] ^ table[2][(high >> 8) & 0xff]
            ^ table[1][(high >> 16) & 0xff] ^ table[0][high >> 24];
    }
    for (; count > 0; count--, p++)
        crc = (crc >> 8) ^ table[0][(crc ^ *p) & 0xff];
    return ~crc;
}

// MARK: with the processor's instruction

#if defined(__x86_64__)

#include <nmmintrin.h>

// The instruction takes three cycles and one can begin in each, so what is long is read at three
// places at once, STRIDE bytes apart. What STRIDE more bytes make of a checksum is linear in its
// bits: `shifted` holds it for each byte of one, and brings the three together.
enum { STRIDE = 1024 };
static uint32_t shifted[4][256];
static pthread_once_t shifted_once = PTHREAD_ONCE_INIT;

static uint64_t load64(const unsigned char *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

__attribute__((target("sse4.2")))
static void make_shifted(void) {
    for (int bit = 0; bit < 32; bit++) {
        uint64_t wide = UINT64_C(1) << bit;
        for (int i = 0; i < STRIDE; i += 8)
            wide = _mm_crc32_u64(wide, 0);
        for (uint32_t byte = 0; byte < 256; byte++)
            if (byte >> bit % 8 & 1)
                shifted[bit / 8][byte] ^= (uint32_t)wide;
    }
}

static uint32_t shift(uint64_t crc) {
    return shifted[0][crc & 0xff] ^ shifted[1][(crc >> 8) & 0xff]
        ^ shifted[2][(crc >> 16) & 0xff] ^ shifted[3][crc >> 24];
}

__attribute__((target("sse4.2")))
static uint32_t crc32c_sse42(uint32_t crc, const void *bytes, size_t count) {
    const unsigned char *p = bytes;
    uint64_t wide = (uint32_t)~crc;
    if (count >= 3 * STRIDE)
        pthread_once(&shifted_once, make_shifted);
    for (; count >= 3 * STRIDE; count -= 3 * STRIDE, p += 3 * STRIDE) {
        uint64_t second = 0, third = 0;
        for (int i = 0; i < STRIDE; i += 8) {
            wide = _mm_crc32_u64(wide, load64(p + i));
            second = _mm_crc32_u64(second, load64(p + STRIDE + i));
            third = _mm_crc32_u64(third, load64(p + 2 * STRIDE + i));
        }
        wide = shift(shift(wide) ^ second) ^ third;
    }
    for (; count >= 8; count -= 8, p += 8)
        wide = _mm_crc32_u64(wide, load64(p));
    crc = (uint32_t)wide;
    for (; count > 0; count--, p++)
        crc = _mm_crc32_u8(crc, *p);
    return ~crc;
}

uint32_t leadmarket_crc32c(uint32_t crc, const void *bytes, size_t count) {
    if (__builtin_cpu_supports("sse4.2"))
        return crc32c_sse42(crc, bytes, count);
    return leadmarket_crc32c_portable(crc, bytes, count);
}

#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>

uint32_t leadmarket_crc32c(uint32_t crc, const void *bytes, size_t count) {
    const unsigned char *p = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        crc = __crc32cd(crc, word);
    }
    for (; count > 0; count--, p++)
        crc = __crc32cb(crc, *p);
    return ~crc;
}

#else

uint32_t leadmarket_crc32c(uint32_t crc, const void *bytes, size_t count) {
    return leadmarket_crc32c_portable(crc, bytes, count);
}

#endif
