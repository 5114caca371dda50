/* The floor: what receiving costs with nothing done to what is received. One thread, epoll, one read buffer, a minimal
 * parser of websocket frames; frames that begin with `42["message:broadcast"` are counted, and nothing is decoded.
 *
 * Usage: floor PORT SOCKETS ROOMS SECONDS. Prints `ready` when every socket has joined (its roster request is
 * acknowledged), waits for a line on the standard input, counts for so many seconds, and prints one JSON line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BUFFER (1 << 16)
#define PREFIX "42[\"message:broadcast\""

struct client {
    int fd;
    size_t kept;            /* bytes of an unfinished frame */
    unsigned char *partial; /* those bytes; NULL where there are none */
    int joined;
    int room;
};

static long delivered;
static int ready_count;
static unsigned char buffer[2 * BUFFER];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void send_text(int fd, const char *text) {
    unsigned char frame[512];
    size_t length = strlen(text), head = 6;
    frame[0] = 0x81;
    if (length > 125) {
        frame[1] = 0x80 | 126;
        frame[2] = (unsigned char)(length >> 8);
        frame[3] = (unsigned char)length;
        memset(frame + 4, 0, 4);
        head = 8;
    } else {
        frame[1] = (unsigned char)(0x80 | length);
        memset(frame + 2, 0, 4);
    }
    memcpy(frame + head, text, length); /* masked with zeros, which changes nothing */
    if (write(fd, frame, head + length) != (ssize_t)(head + length)) die("write");
}

static void take(struct client *one, const unsigned char *text, size_t length) {
    if (length > sizeof(PREFIX) - 1 && memcmp(text, PREFIX, sizeof(PREFIX) - 1) == 0) {
        delivered++;
    } else if (length == 1 && text[0] == '2') {
        send_text(one->fd, "3");
    } else if (length > 2 && text[0] == '4' && text[1] == '0') {
        /* Only now: what comes before the namespace is entered ends a connection. */
        char said[256];
        snprintf(said, sizeof said, "42[\"sos:room:join\",{\"sosId\":\"bench-%d\"}]", one->room);
        send_text(one->fd, said);
        snprintf(said, sizeof said, "421[\"participants:active:request\",{\"sosId\":\"bench-%d\"}]", one->room);
        send_text(one->fd, said);
    } else if (!one->joined && length > 2 && text[0] == '4' && text[1] == '3') {
        one->joined = 1;
        ready_count++;
    }
}

/* How many bytes of whole frames were taken. */
static size_t parse(struct client *one, const unsigned char *data, size_t size) {
    size_t at = 0;
    while (size - at >= 2) {
        size_t head = 2, length = data[at + 1] & 0x7f;
        if (length == 126) {
            if (size - at < 4) break;
            length = (size_t)data[at + 2] << 8 | data[at + 3];
            head = 4;
        } else if (length == 127) {
            if (size - at < 10) break;
            length = 0;
            for (int i = 2; i < 10; i++) length = length << 8 | data[at + i];
            head = 10;
        }
        if (size - at < head + length) break;
        take(one, data + at + head, length);
        at += head + length;
    }
    return at;
}

static void readable(struct client *one) {
    if (one->kept) memcpy(buffer, one->partial, one->kept);
    ssize_t got = recv(one->fd, buffer + one->kept, BUFFER, 0);
    if (got == 0) die("closed");
    if (got < 0) {
        if (errno == EAGAIN) return;
        die("recv");
    }
    size_t size = one->kept + (size_t)got, taken = parse(one, buffer, size);
    free(one->partial);
    one->kept = size - taken;
    one->partial = one->kept ? malloc(one->kept) : NULL;
    if (one->kept) memcpy(one->partial, buffer + taken, one->kept);
}

/* Connect, upgrade, and ask to enter the namespace: the loop reads the answer, and then joins. */
static void open_client(struct client *one, int port, int number, int rooms) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    char answer[4096];
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    one->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (one->fd < 0 || connect(one->fd, (struct sockaddr *)&to, sizeof to)) die("connect");
    int yes = 1;
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    dprintf(one->fd,
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    size_t size = 0;
    char *end = NULL;
    while (!end) {
        ssize_t got = recv(one->fd, answer + size, sizeof answer - 1 - size, 0);
        if (got <= 0) die("handshake");
        size += (size_t)got;
        answer[size] = 0;
        end = strstr(answer, "\r\n\r\n");
    }
    if (strncmp(answer, "HTTP/1.1 101", 12)) {
        fprintf(stderr, "refused: %.60s\n", answer);
        exit(1);
    }
    one->kept = size - (size_t)(end + 4 - answer);
    one->partial = one->kept ? malloc(one->kept) : NULL;
    if (one->kept) memcpy(one->partial, end + 4, one->kept);
    send_text(one->fd, "40");
    one->room = number % rooms;
    fcntl(one->fd, F_SETFL, O_NONBLOCK);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void turn(int epoll, int wait_ms) {
    struct epoll_event events[256];
    int count = epoll_wait(epoll, events, 256, wait_ms);
    for (int i = 0; i < count; i++) readable(events[i].data.ptr);
}

int main(int argc, char **argv) {
    if (argc != 5) return 2;
    int port = atoi(argv[1]), sockets = atoi(argv[2]), rooms = atoi(argv[3]), epoll = epoll_create1(0);
    double seconds = atof(argv[4]);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct client *all = calloc((size_t)sockets, sizeof *all);
    for (int i = 0; i < sockets; i++) {
        open_client(&all[i], port, i, rooms);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &event);
        turn(epoll, 0);
    }
    double end = now() + 60;
    while (ready_count < sockets && now() < end) turn(epoll, 100);
    if (ready_count < sockets) {
        fprintf(stderr, "only %d of %d joined\n", ready_count, sockets);
        return 1;
    }
    puts("ready");
    fflush(stdout);
    struct pollfd in = {.fd = 0, .events = POLLIN};
    while (poll(&in, 1, 0) == 0) turn(epoll, 10);
    double began = now(), before = cpu();
    delivered = 0;
    while (now() < began + seconds) turn(epoll, 10);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"deliveries\": %ld, \"cpu_s\": %.3f, \"wall_s\": %.3f, \"rss_kb\": %ld}\n", delivered, cpu() - before,
           now() - began, used.ru_maxrss);
    return 0;
}
