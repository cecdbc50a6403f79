/* HTTP requests over kept connections, each one at a time. Prints JSON: answers by status, seconds, latencies.
 *
 * http_load PORT REQUEST_FILE CONNECTIONS SECONDS REQUESTS PREFIX
 * REQUEST_FILE holds one whole request; 16 characters @ in it are replaced by a key of its own, made of PREFIX and a
 * number. Ends after SECONDS or REQUESTS (0: no bound), whatever comes first. */
#define _GNU_SOURCE
#include "board.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MOST (256 * 1024)
#define KEY_CHARS 16
#define LATENCIES 2000000

struct connection { int fd; size_t got; uint64_t begun_ns; char answer[ANSWER_MOST]; };

static char request[65536];
static size_t request_bytes;
static char *key_at;
static const char *prefix;
static unsigned long long asked, answered, by_class[6], bytes, most;
static uint32_t *latency_us;

static int ask(struct connection *c) {
    if (most && asked >= most) return 0;
    if (key_at) {
        char key[64];
        snprintf(key, sizeof key, "%s%016llu", prefix, asked);
        memcpy(key_at, key + strlen(key) - KEY_CHARS, KEY_CHARS);
        memcpy(key_at, prefix, strlen(prefix));
    }
    asked++;
    c->got = 0;
    c->begun_ns = monotonic_ns();
    return send(c->fd, request, request_bytes, MSG_NOSIGNAL) == (ssize_t)request_bytes;
}

static int compare(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Whether the answer is whole. */
static int whole(const struct connection *c) {
    const char *end = memmem(c->answer, c->got, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - c->answer) + 4, body = 0;
    const char *length = strcasestr(c->answer, "\r\ncontent-length:");
    if (length && length < end) body = strtoul(length + 17, NULL, 10);
    return c->got >= head + body;
}

static void count(struct connection *c) {
    if (answered < LATENCIES) latency_us[answered] = (uint32_t)((monotonic_ns() - c->begun_ns) / 1000);
    answered++;
    by_class[(c->answer[9] - '0') % 6]++;
    bytes += c->got;
}

static struct connection *connected(int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct connection *c = calloc(1, sizeof *c);
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0) { perror("connect"); exit(1); }
    return c;
}

static void read_request(const char *name) {
    FILE *file = fopen(name, "rb");
    if (!file) { perror(name); exit(1); }
    request_bytes = fread(request, 1, sizeof request - 1, file);
    fclose(file);
    key_at = strstr(request, "@@@@@@@@@@@@@@@@");
}

int main(int argc, char **argv) {
    if (argc < 7) { fprintf(stderr, "http_load PORT REQUEST_FILE CONNECTIONS SECONDS REQUESTS PREFIX\n"); return 2; }
    int connections = atoi(argv[3]), poller = epoll_create1(0), live = 0;
    read_request(argv[2]);
    prefix = argv[6];
    most = strtoull(argv[5], NULL, 10);
    latency_us = malloc(LATENCIES * sizeof *latency_us);
    uint64_t begun_ns = monotonic_ns(), until_ns = begun_ns + (uint64_t)(atof(argv[4]) * 1e9);
    for (int i = 0; i < connections; i++) {
        struct connection *c = connected(atoi(argv[1]));
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &e);
        live += ask(c);
    }
    struct epoll_event ready[256];
    while (live > 0 && monotonic_ns() < until_ns) {
        int n = epoll_wait(poller, ready, 256, 100);
        for (int i = 0; i < n; i++) {
            struct connection *c = ready[i].data.ptr;
            ssize_t got = recv(c->fd, c->answer + c->got, ANSWER_MOST - 1 - c->got, MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) continue;
            if (got <= 0) { close(c->fd); live--; continue; }
            c->got += (size_t)got;
            c->answer[c->got] = 0;
            if (!whole(c)) continue;
            count(c);
            if (!ask(c)) live--;
        }
    }
    double seconds = (double)(monotonic_ns() - begun_ns) / 1e9;
    unsigned long long kept = answered < LATENCIES ? answered : LATENCIES;
    qsort(latency_us, kept, sizeof *latency_us, compare);
    uint32_t p50 = kept ? latency_us[kept / 2] : 0, p99 = kept ? latency_us[kept * 99 / 100] : 0;
    printf("{\"answers\": %llu, \"seconds\": %.4f, \"ok\": %llu, \"redirected\": %llu, \"refused\": %llu, \"failed\": %llu, "
           "\"bytes\": %llu, \"p50_us\": %u, \"p99_us\": %u}\n",
        answered, seconds, by_class[2], by_class[3], by_class[4], by_class[5], bytes, p50, p99);
    return 0;
}
