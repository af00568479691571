/// What the C library's allocator has handed out and not got back, which Swift cannot ask by itself.
#ifndef LEADMARKET_CMEMORY_H
#define LEADMARKET_CMEMORY_H
#include <stddef.h>

/// Bytes in use, those of large blocks included.
size_t leadmarket_bytes_in_use(void);

#endif
