/* Many viewers in one process: WebSocket or server-sent events, counted, timed, checked for order.
 *
 * load_client BOARD PORT PATH CLIENTS MODE SECONDS [RCVBUF]
 *   MODE: any of w (WebSocket) or s (SSE), b (batches of handshakes: start gently), r (come back when closed, naming
 *   the last position), x (stop reading after the first frame: a stalled client), c (come and go: stay for a while,
 *   leave politely or not, come back with the last position or without; a few pause in reading).
 * Ends when the board says so, or after SECONDS. */
#define _GNU_SOURCE
#include "board.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)
#define CARRY_MOST (1024 * 1024)
#define IN_FLIGHT_MOST 64
#define SCAN_NS 5000000
/* As stream.js comes back: after the time that the server names when it closes; else full jitter, doubling, and a wider
 * spread when it says that it restarts. */
#define RETRY_LEAST_MS 250
#define RETRY_MOST_MS 10000
#define RESTART_SPREAD_MS 5000
#define CLOSE_RESTART 1012
#define STAY_LEAST_S 5.0
#define STAY_MOST_S 60.0
#define STALL_MOST_S 300.0
#define AWAY_MOST_S 3.0
#define GOODBYE_WITHIN_S 10.0
#define STALL_SHARE 0.01
#define STALL_RCVBUF 4096

enum state { IDLE, CONNECTING, ANSWER, FOLLOWING, STALLED, LEAVING };

struct viewer {
    int fd;
    enum state state;
    int has_position;
    unsigned attempts;
    uint64_t retry_ns, epoch, seq;
    char *carry;
    size_t carried;
    int restart;
    uint64_t hint_ms;     /* the server asked to come back so long after the close */
    uint64_t until_ns;    /* coming and going: when it leaves, reads on, or no longer waits for an answer */
    int pauses, fresh;    /* it will pause in reading, or did; it has had no snapshot yet on this connection */
};

static struct board *board;
static struct viewer *viewers;
static int count, poller, in_flight, rcvbuf;
static const char *path;
static int port, sse, batches, comes_back, stalls, comes_and_goes;
static uint64_t foremost_epoch, foremost_seq;
static char room[CARRY_MOST + READ_BYTES];

static uint64_t ns(double seconds) { return (uint64_t)(seconds * 1e9); }

static void hang_up(struct viewer *v) {
    close(v->fd);
    v->fd = -1;
    v->carried = 0;
    v->state = IDLE;
}

/* Milliseconds until it dials again. */
static uint64_t pause_ms(struct viewer *v) {
    uint64_t most_ms = RETRY_LEAST_MS << (v->attempts > 6 ? 6 : v->attempts), hint_ms = v->hint_ms;
    v->attempts++;
    if (most_ms > RETRY_MOST_MS) most_ms = RETRY_MOST_MS;
    if (v->restart && most_ms < RESTART_SPREAD_MS) most_ms = RESTART_SPREAD_MS;
    v->restart = 0;
    v->hint_ms = 0;
    return hint_ms ? hint_ms : (uint64_t)(drand48() * (double)most_ms);
}

static void gone(struct viewer *v) {
    if (v->state == CONNECTING || v->state == ANSWER) { in_flight--; board->refused++; }
    else if (v->state != LEAVING) {
        board->following--;
        if (comes_and_goes && v->pauses) board->cut++; else board->closed++;
    }
    hang_up(v);
    v->retry_ns = comes_back ? monotonic_ns() + pause_ms(v) * 1000000 : UINT64_MAX;
}

static void come_again(struct viewer *v) {
    hang_up(v);
    if (drand48() < 0.5) v->has_position = 0;
    v->retry_ns = monotonic_ns() + ns(AWAY_MOST_S * drand48());
}

static void leave(struct viewer *v) {
    static const unsigned char goodbye[8] = {0x88, 0x82, 0, 0, 0, 0, 1000 >> 8, 1000 & 0xFF};
    int politely = !sse && v->state == FOLLOWING && drand48() < 0.5;
    board->left++;
    board->following--;
    if (politely) {
        (void)!send(v->fd, goodbye, sizeof goodbye, MSG_NOSIGNAL);
        v->state = LEAVING;
        v->until_ns = monotonic_ns() + ns(GOODBYE_WITHIN_S);
        return;
    }
    struct linger at_once = {.l_onoff = 1};
    if (drand48() < 0.5) setsockopt(v->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    come_again(v);
}

static void stop_reading(struct viewer *v) {
    v->state = STALLED;
    epoll_ctl(poller, EPOLL_CTL_DEL, v->fd, NULL);
}

/* Its time is up: it leaves; or it pauses, then reads on or leaves. */
static void move_on(struct viewer *v, uint64_t now_ns) {
    if (v->state == LEAVING) { board->unanswered++; come_again(v); }
    else if (v->state == FOLLOWING && v->pauses == 1) {
        board->stalls++;
        v->pauses = 2;
        v->until_ns = now_ns + ns(STAY_LEAST_S + (STALL_MOST_S - STAY_LEAST_S) * drand48());
        stop_reading(v);
    } else if (v->state == STALLED && drand48() < 0.5) {
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = v};
        epoll_ctl(poller, EPOLL_CTL_ADD, v->fd, &e);
        v->state = FOLLOWING;
        v->until_ns = now_ns + ns(STAY_LEAST_S);
    } else leave(v);
}

static void dial(struct viewer *v) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (v->fd < 0) { perror("socket"); exit(1); }
    int one = 1;
    setsockopt(v->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    v->pauses = comes_and_goes && drand48() < STALL_SHARE;
    int buffer = v->pauses ? STALL_RCVBUF : rcvbuf;
    if (buffer) setsockopt(v->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    v->state = CONNECTING;
    in_flight++;
    board->attempts++;
    struct epoll_event e = {.events = EPOLLOUT, .data.ptr = v};
    epoll_ctl(poller, EPOLL_CTL_ADD, v->fd, &e);
    if (connect(v->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS) gone(v);
}

static void ask(struct viewer *v) {
    char request[1024], position[64] = "";
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(v->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) { gone(v); return; }
    if (v->has_position && comes_back)
        snprintf(position, sizeof position, "&epoch=%llu&seq=%llu", (unsigned long long)v->epoch, (unsigned long long)v->seq);
    const char *more = sse ? "Accept: text/event-stream\r\n"
        : "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: wartezone.v1\r\n";
    int n = snprintf(request, sizeof request, "GET %s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s\r\n", path, position, port, more);
    if (send(v->fd, request, (size_t)n, MSG_NOSIGNAL) != n) { gone(v); return; }
    v->state = ANSWER;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = v};
    epoll_ctl(poller, EPOLL_CTL_MOD, v->fd, &e);
}

static uint64_t number_after(const char *text, size_t length, const char *name, int *found) {
    const char *at = memmem(text, length, name, strlen(name));
    *found = at != NULL;
    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

/* One JSON frame, followed by at least one byte that is no digit. */
static void frame(struct viewer *v, const char *text, size_t length) {
    int found;
    size_t head = length < 128 ? length : 128;
    board->messages++;
    board->bytes += length;
    if (memmem(text, head, "\"event\"", 7) && !memcmp(text, "{\"type\":\"event\"", 15)) {
        uint64_t epoch = number_after(text, head, "\"epoch\":", &found);
        uint64_t seq = number_after(text, head, "\"seq\":", &found), prev = number_after(text, head, "\"prev\":", &found);
        if (v->has_position && (prev != v->seq || epoch != v->epoch)) board->disordered++;
        v->epoch = epoch, v->seq = seq, v->has_position = 1;
        v->fresh = 0;
        board->events++;
        board->event_bytes = length;
        if (board->measure == MEASURE_EVENTS) {
            board->latency_us[board->samples % SAMPLES] = (uint32_t)((monotonic_ns() - board->since_ns) / 1000);
            board->samples++;
        }
    } else if (!memcmp(text, "{\"type\":\"snapshot\"", 18)) {
        v->epoch = number_after(text, head, "\"epoch\":", &found);
        v->seq = number_after(text, head, "\"seq\":", &found);
        v->has_position = 1;
        board->snapshots++;
        if (!v->fresh && !v->pauses) board->healed++;
        v->fresh = 0;
    } else if (memmem(text, length, "\"resumed\":true", 14)) { board->resumed++; v->fresh = 0; }
    if (v->epoch > foremost_epoch || (v->epoch == foremost_epoch && v->seq > foremost_seq))
        foremost_epoch = v->epoch, foremost_seq = v->seq;
}

static void follow(struct viewer *v) {
    in_flight--;
    v->attempts = 0;
    board->following++;
    board->back_ms[v - viewers] = (uint32_t)((monotonic_ns() - board->since_ns) / 1000000);
    v->state = FOLLOWING;
    v->fresh = 1;
    v->until_ns = comes_and_goes ? monotonic_ns() + ns(STAY_LEAST_S + (STAY_MOST_S - STAY_LEAST_S) * drand48()) : UINT64_MAX;
}

static void pong(struct viewer *v, const char *payload, size_t length) {
    unsigned char answer[256] = {0x8A, (unsigned char)(0x80 | length), 0, 0, 0, 0};
    if (length > 125) return;
    memcpy(answer + 6, payload, length);
    (void)!send(v->fd, answer, length + 6, MSG_NOSIGNAL);
}

/* What is whole of it is taken; answers how much. */
static size_t take_websocket(struct viewer *v, const char *data, size_t length) {
    size_t at = 0;
    while (length - at >= 2) {
        const unsigned char *h = (const unsigned char *)data + at;
        size_t head = 2, size = h[1] & 0x7F;
        if (size == 126) head = 4; else if (size == 127) head = 10;
        if (length - at < head) break;
        if (size == 126) size = (size_t)h[2] << 8 | h[3];
        else if (size == 127) { size = 0; for (int i = 2; i < 10; i++) size = size << 8 | h[i]; }
        if (length - at < head + size) break;
        const char *payload = data + at + head;
        at += head + size;
        int opcode = h[0] & 0x0F;
        if (opcode == 1) frame(v, payload, size);
        else if (opcode == 9) pong(v, payload, size);
        else if (opcode == 8) {
            const unsigned char *code = (const unsigned char *)payload;
            int found;
            v->restart = size >= 2 && (code[0] << 8 | code[1]) == CLOSE_RESTART;
            v->hint_ms = number_after(payload, size, "retry_ms=", &found);
            unsigned char answer[8] = {0x88, 0x82, 0, 0, 0, 0, code[0], code[1]};
            (void)!send(v->fd, answer, sizeof answer, MSG_NOSIGNAL);
        }
    }
    return at;
}

static size_t take_sse(struct viewer *v, const char *data, size_t length) {
    size_t at = 0;
    for (;;) {
        const char *end = memmem(data + at, length - at, "\n\n", 2);
        if (!end) return at;
        const char *begin = memmem(data + at, (size_t)(end - data) - at, "data: ", 6);
        if (begin) frame(v, begin + 6, (size_t)(end - begin) - 6);
        else {
            int found; /* there may be the head of an HTTP chunk before it */
            uint64_t hint_ms = number_after(data + at, (size_t)(end - data) - at, "retry: ", &found);
            if (found) v->hint_ms = hint_ms;
        }
        at = (size_t)(end - data) + 2;
    }
}

/* Answers how much of the data is the HTTP answer's head; -1 when it was refused. */
static ssize_t take_answer(struct viewer *v, const char *data, size_t length) {
    const char *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (memcmp(data + 9, sse ? "200" : "101", 3)) return -1;
    follow(v);
    return end - data + 4;
}

static void heard(struct viewer *v) {
    memcpy(room, v->carry, v->carried);
    ssize_t n = recv(v->fd, room + v->carried, READ_BYTES, 0);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        if (v->state == LEAVING) come_again(v); else gone(v);
        return;
    }
    size_t length = v->carried + (size_t)n, at = 0;
    room[length] = '\n';
    if (v->state == ANSWER) {
        ssize_t head = take_answer(v, room, length);
        if (head < 0) { gone(v); return; }
        at = (size_t)head;
    }
    if (v->state == FOLLOWING || v->state == LEAVING) at += (sse ? take_sse : take_websocket)(v, room + at, length - at);
    size_t rest = length - at;
    if (rest > CARRY_MOST) { gone(v); return; }
    if (rest) {
        v->carry = realloc(v->carry, rest);
        memcpy(v->carry, room + at, rest);
    } else if (v->carry) { free(v->carry); v->carry = NULL; }
    v->carried = rest;
    if (stalls && v->state == FOLLOWING && v->has_position) stop_reading(v);
}

static void dial_due(uint64_t now_ns) {
    for (int i = 0; i < count; i++) {
        if (batches && in_flight >= IN_FLIGHT_MOST) return;
        if (viewers[i].state == IDLE && viewers[i].retry_ns <= now_ns) dial(&viewers[i]);
    }
}

static void move_all(uint64_t now_ns) {
    uint64_t behind = 0;
    for (int i = 0; i < count; i++) {
        struct viewer *v = &viewers[i];
        if (v->state >= FOLLOWING && v->until_ns <= now_ns) move_on(v, now_ns);
        behind += v->state == FOLLOWING && !v->pauses && (v->seq != foremost_seq || v->epoch != foremost_epoch);
    }
    board->behind = behind;
}

static struct board *map_board(const char *name, size_t clients) {
    size_t size = sizeof(struct board) + clients * sizeof(uint32_t);
    int fd = open(name, O_RDWR);
    if (fd < 0 || ftruncate(fd, (off_t)size) < 0) { perror(name); exit(1); }
    struct board *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) { perror("mmap"); exit(1); }
    return mapped;
}

int main(int argc, char **argv) {
    if (argc < 7) { fprintf(stderr, "load_client BOARD PORT PATH CLIENTS MODE SECONDS [RCVBUF]\n"); return 2; }
    port = atoi(argv[2]), path = argv[3], count = atoi(argv[4]);
    sse = strchr(argv[5], 's') != NULL, batches = strchr(argv[5], 'b') != NULL;
    comes_back = strchr(argv[5], 'r') != NULL, stalls = strchr(argv[5], 'x') != NULL;
    comes_and_goes = strchr(argv[5], 'c') != NULL;
    comes_back |= comes_and_goes;
    rcvbuf = argc > 7 ? atoi(argv[7]) : 0;
    uint64_t until_ns = monotonic_ns() + (uint64_t)atoi(argv[6]) * 1000000000u;
    board = map_board(argv[1], (size_t)count);
    viewers = calloc((size_t)count, sizeof *viewers);
    poller = epoll_create1(0);
    srand48(getpid());
    struct epoll_event ready[512];
    uint64_t scan_ns = 0, now_ns;
    while ((now_ns = monotonic_ns()) < until_ns && !*(volatile uint64_t *)&board->end) {
        if (batches && board->following == (uint64_t)count) batches = 0; /* who comes back does so on its own */
        if (now_ns >= scan_ns) {
            dial_due(now_ns);
            if (comes_and_goes) move_all(now_ns);
            scan_ns = now_ns + SCAN_NS;
        }
        int n = epoll_wait(poller, ready, 512, 5);
        for (int i = 0; i < n; i++) {
            struct viewer *v = ready[i].data.ptr;
            if (v->state == CONNECTING) ask(v);
            else if (v->state == ANSWER || v->state == FOLLOWING || v->state == LEAVING) heard(v);
        }
    }
    return 0;
}
