/* The board: one file that driver and load client map, so that figures are read while the client runs.
 * benchmarks/stream/viewers.py reads it; the fields are 64-bit words in this order. */
#ifndef BOARD_H
#define BOARD_H
#include <stdint.h>
#include <time.h>

#define SAMPLES (1u << 22)

enum { MEASURE_NOTHING, MEASURE_EVENTS };

struct board {
    /* written by the driver */
    uint64_t since_ns;  /* CLOCK_MONOTONIC: what latencies and returns are counted from */
    uint64_t measure;   /* whether the latency of each event is kept */
    uint64_t end;       /* 1: the client ends */
    /* written by the client */
    uint64_t following; /* clients that have had a frame since they connected */
    uint64_t messages, events, snapshots, bytes;
    uint64_t disordered; /* events that did not follow what the client had: prev or epoch does not fit */
    uint64_t closed, refused, attempts, resumed;
    uint64_t samples;    /* latencies kept so far; the ring below holds the last ones */
    uint64_t event_bytes; /* of the last event, without the frame's head */
    /* of viewers that come and go */
    uint64_t left, unanswered; /* connections that they ended themselves; polite ends that nobody answered */
    uint64_t stalls, cut;      /* pauses in reading; connections that were ended during or after one */
    uint64_t healed;           /* snapshots that came in the middle although the client had always read */
    uint64_t behind;           /* how many readers, just now, are not where the foremost is */
    uint32_t latency_us[SAMPLES];
    uint32_t back_ms[]; /* of each client: when its last connection began to follow */
};

static inline uint64_t monotonic_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
#endif
