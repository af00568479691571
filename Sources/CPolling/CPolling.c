#define _GNU_SOURCE
#include "CPolling.h"

#include <stddef.h>
#include <sys/prctl.h>
#include <time.h>

int leadmarket_poll(struct pollfd *polls, uint64_t count, int64_t nanoseconds) {
    struct timespec timeout = {
        .tv_sec = nanoseconds / 1000000000,
        .tv_nsec = nanoseconds % 1000000000,
    };
    return ppoll(polls, count, &timeout, NULL);
}

void leadmarket_wait_exactly(void) { prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); }
