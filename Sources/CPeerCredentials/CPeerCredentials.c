#define _GNU_SOURCE
#include "CPeerCredentials.h"

#include <sys/socket.h>

const int32_t leadmarket_so_peercred = SO_PEERCRED;

_Static_assert(sizeof(leadmarket_peer_credentials) == sizeof(struct ucred), "same layout");
