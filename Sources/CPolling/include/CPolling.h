#ifndef LEADMARKET_POLLING_H
#define LEADMARKET_POLLING_H

#include <poll.h>
#include <stdint.h>

// ppoll(2), which Glibc's module does not show to Swift: waits for at most `nanoseconds` and gives what poll(2) does.
int leadmarket_poll(struct pollfd *polls, uint64_t count, int64_t nanoseconds);

// Has the waits of the calling thread end when they should, and not up to 50 µs later (prctl(2), PR_SET_TIMERSLACK).
void leadmarket_wait_exactly(void);

#endif
