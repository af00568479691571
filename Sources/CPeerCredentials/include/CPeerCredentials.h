#ifndef LEADMARKET_PEER_CREDENTIALS_H
#define LEADMARKET_PEER_CREDENTIALS_H

#include <stdint.h>

/// The kernel's `struct ucred` (unix(7)), which Glibc's module does not show to Swift.
typedef struct {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
} leadmarket_peer_credentials;

/// The number of the socket option SO_PEERCRED, whose value is a `leadmarket_peer_credentials`.
extern const int32_t leadmarket_so_peercred;

#endif
