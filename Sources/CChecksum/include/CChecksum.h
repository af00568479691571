#ifndef LEADMARKET_CCHECKSUM_H
#define LEADMARKET_CCHECKSUM_H

#include <stddef.h>
#include <stdint.h>

// CRC-32C (Castagnoli, RFC 3720 B.4), reflected, initial value and final xor 0xffffffff.
// `crc` is 0 to start, or the result for the bytes before: crc(crc(0, a), b) = crc(0, ab).

// With the processor's instruction where it has one, else as leadmarket_crc32c_portable.
uint32_t leadmarket_crc32c(uint32_t crc, const void *bytes, size_t count);

// By tables, eight bytes a step. For processors without the instruction, and to test the other.
uint32_t leadmarket_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

#endif
