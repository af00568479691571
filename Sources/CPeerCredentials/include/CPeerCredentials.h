#ifndef LEADMARKET_PEER_CREDENTIALS_H
#define LEADMARKET_PEER_CREDENTIALS_H

#include <stdint.h>

/// Reads who is at the other end of a connected Unix stream socket (SO_PEERCRED, unix(7)).
///
/// Returns 0 and fills the three fields, or the errno of getsockopt(2).
int peer_credentials(int descriptor, int32_t *pid, uint32_t *uid, uint32_t *gid);

#endif
