/* The floor: what no server with a socket a client can be cheaper than. epoll, one prebuilt frame, one write() a socket.
 *
 * floor_server PORT TRIGGER_PORT FRAME_BYTES [sse]
 * A datagram on TRIGGER_PORT makes one event and writes it to all. The handshake is answered with a constant: only
 * load_client, which does not check it, connects here. Prints its CPU time by getrusage at SIGTERM. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define FDS_MOST 65536
#define SNDBUF (64 * 1024)

static int open_fds[FDS_MOST], place[FDS_MOST], opened;
static volatile sig_atomic_t stop;

static void on_term(int number) { (void)number; stop = 1; }

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

static int bound(int type, int port) {
    struct sockaddr_in at = loopback(port);
    int one = 1, size = SNDBUF, fd = socket(AF_INET, type | SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (type == SOCK_STREAM) setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) { perror("bind"); exit(1); }
    if (type == SOCK_STREAM) listen(fd, 4096);
    return fd;
}

static void watch(int poller, int fd) {
    struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
}

static void drop(int fd) {
    if (place[fd]) {
        int last = open_fds[--opened];
        open_fds[place[fd] - 1] = last;
        place[last] = place[fd];
        place[fd] = 0;
    }
    close(fd);
}

static size_t build(char *frame, size_t bytes, unsigned long long seq, int sse) {
    char json[65536];
    int n = snprintf(json, sizeof json, "{\"type\":\"event\",\"epoch\":1,\"seq\":%llu,\"prev\":%llu,\"pad\":\"", seq, seq - 1);
    memset(json + n, 'x', bytes - (size_t)n - 2);
    memcpy(json + bytes - 2, "\"}", 2);
    if (sse) return (size_t)sprintf(frame, "data: %.*s\n\n", (int)bytes, json);
    size_t head = bytes < 126 ? 2 : 4;
    frame[0] = (char)0x81;
    if (head == 2) frame[1] = (char)bytes;
    else { frame[1] = 126; frame[2] = (char)(bytes >> 8); frame[3] = (char)bytes; }
    memcpy(frame + head, json, bytes);
    return head + bytes;
}

static void heard(int fd, int sse) {
    char request[4096];
    ssize_t n = recv(fd, request, sizeof request, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) { drop(fd); return; }
    if (n < 4 || memcmp(request, "GET ", 4)) return;
    const char *answer = sse ? "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
        : "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: wartezone.v1\r\n\r\n";
    if (send(fd, answer, strlen(answer), MSG_NOSIGNAL) > 0) { open_fds[opened++] = fd; place[fd] = opened; }
}

int main(int argc, char **argv) {
    if (argc < 4) { fprintf(stderr, "floor_server PORT TRIGGER_PORT FRAME_BYTES [sse]\n"); return 2; }
    int sse = argc > 4, poller = epoll_create1(0), listener = bound(SOCK_STREAM, atoi(argv[1]));
    int trigger = bound(SOCK_DGRAM, atoi(argv[2]));
    size_t bytes = (size_t)atoi(argv[3]);
    static char frame[65536 + 32];
    unsigned long long seq = 0;
    struct sigaction action = {.sa_handler = on_term};
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    watch(poller, listener);
    watch(poller, trigger);
    struct epoll_event ready[256];
    while (!stop) {
        int n = epoll_wait(poller, ready, 256, -1);
        for (int i = 0; i < n; i++) {
            int fd = ready[i].data.fd;
            if (fd == listener) {
                int client;
                while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    int one = 1;
                    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    watch(poller, client);
                }
            } else if (fd == trigger) {
                char word[16];
                if (recv(trigger, word, sizeof word, 0) <= 0) continue;
                size_t size = build(frame, bytes, ++seq, sse);
                for (int k = 0; k < opened; k++) (void)!write(open_fds[k], frame, size);
            } else heard(fd, sse);
        }
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"cpu_s\": %.6f, \"events\": %llu}\n",
        (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6, seq);
    return 0;
}
