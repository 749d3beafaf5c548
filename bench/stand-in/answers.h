// Owns answers and the order in which they leave: what is known, who waits for what, and what is held back how long.
#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "wire.h"

#define MAX_PATHS 32
#define MAX_MEMORY (1ull << 30)
#define BUCKETS (1u << 16)

typedef struct Slot Slot;
/** A subgraph: the name in its path, where its answers come from, and what was counted since the last reset. */
typedef struct {
  char *name, *host, *target;
  struct sockaddr_in address;
  uint64_t requests, misses, unkept, received, sent;
} Path;
/** An answer, known or awaited. `kept` ones live in the table; the others until the last slot has let go. */
typedef struct Entry {
  struct Entry *next;
  uint64_t hash;
  char *key, *answer;
  size_t key_length, answer_length;
  Slot *waiters;
  Path *path;
  int references;
  bool ready, kept;
} Entry;
typedef enum { LISTENER, TIMER, PARENT, CLIENT, ORIGIN } Kind;
/** Whatever epoll watches. A client has a queue of answers it waits for, an origin's connection its one entry. */
typedef struct Connection {
  Kind kind;
  int fd;
  bool closed, closing, wants_room;
  Buffer in, out;
  size_t written;
  Slot *first, *last;
  Entry *entry;
  struct Connection *next_dead;
} Connection;
/** One request's place in its connection's order. */
struct Slot {
  Slot *next, *next_waiter, *next_timed;
  Connection *client;
  Entry *entry;
  uint64_t due;
  int references;
};

static int poll_fd, timer_fd;
static Path paths[MAX_PATHS];
static int path_count;
static Entry *table[BUCKETS];
static uint64_t memory, delay;
static Slot *timed_first, *timed_last;
static Connection *dead;

static void watch(Connection *c, uint32_t events, int operation) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  if (epoll_ctl(poll_fd, operation, c->fd, &event) < 0) die("epoll_ctl");
}

static Connection *watched(Kind kind, int fd, uint32_t events) {
  Connection *c = calloc(1, sizeof *c);
  c->kind = kind;
  c->fd = fd;
  watch(c, events, EPOLL_CTL_ADD);
  return c;
}

static void release_entry(Entry *e) {
  if (--e->references > 0 || e->kept) return;
  free(e->key);
  free(e->answer);
  free(e);
}

static void release_slot(Slot *s) {
  if (--s->references > 0) return;
  release_entry(s->entry);
  free(s);
}

static void close_connection(Connection *c) {
  if (c->closed) return;
  c->closed = true;
  close(c->fd);
  for (Slot *s = c->first, *next; s; s = next) {
    next = s->next;
    s->client = NULL;
    release_slot(s);
  }
  // Other events of the same wake-up may still name it.
  c->next_dead = dead;
  dead = c;
}

/** Writes the answers that are due, in the order of the requests, as far as the socket takes them. */
static void flush(Connection *c) {
  while (!c->closed && c->first && c->first->entry->ready && c->first->due == 0) {
    Slot *s = c->first;
    ssize_t n = send(c->fd, s->entry->answer + c->written, s->entry->answer_length - c->written, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (n < 0) return close_connection(c);
    if ((c->written += (size_t)n) < s->entry->answer_length) continue;
    c->written = 0;
    c->first = s->next;
    if (!c->first) c->last = NULL;
    release_slot(s);
  }
  if (c->closed) return;
  bool stuck = c->first && c->first->entry->ready && c->first->due == 0;
  if (stuck != c->wants_room) watch(c, EPOLLIN | (stuck ? EPOLLOUT : 0), EPOLL_CTL_MOD);
  c->wants_room = stuck;
  if (c->closing && !c->first) close_connection(c);
}

static void arm_timer(void) {
  struct itimerspec at = {0};
  if (timed_first) {
    at.it_value.tv_sec = (time_t)(timed_first->due / 1000000000u);
    at.it_value.tv_nsec = (long)(timed_first->due % 1000000000u);
  }
  timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void on_timer(void) {
  uint64_t ignored, time = now();
  if (read(timer_fd, &ignored, sizeof ignored) < 0 && errno != EAGAIN) die("timer");
  while (timed_first && timed_first->due <= time) {
    Slot *s = timed_first;
    if (!(timed_first = s->next_timed)) timed_last = NULL;
    s->due = 0;
    if (s->client) flush(s->client);
    release_slot(s);
  }
  arm_timer();
}

static void set_answer(Entry *e, int status, const char *body, size_t length) {
  char head[256];
  int n = snprintf(head, sizeof head,
                   "HTTP/1.1 %d %s\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: %zu\r\n\r\n",
                   status, status == 200 ? "OK" : "Not OK", length);
  e->answer = malloc((size_t)n + length);
  if (!e->answer) die("malloc");
  memcpy(e->answer, head, (size_t)n);
  memcpy(e->answer + n, body, length);
  e->answer_length = (size_t)n + length;
  e->ready = true;
}

/** Gives an entry its place in the client's order. The timed ones are a queue, because all wait equally long. */
static void reply(Connection *c, Entry *e, uint64_t wait) {
  Slot *s = calloc(1, sizeof *s);
  s->client = c;
  s->entry = e;
  s->references = 1;
  e->references++;
  if (c->last) c->last->next = s; else c->first = s;
  c->last = s;
  if (!e->ready) {
    s->references++;
    s->next_waiter = e->waiters;
    e->waiters = s;
  }
  if (wait > 0) {
    s->references++;
    s->due = now() + wait;
    if (timed_last && timed_last->due > s->due) s->due = timed_last->due;
    if (timed_last) timed_last->next_timed = s; else timed_first = s;
    timed_last = s;
    if (timed_first == s) arm_timer();
  }
}

static void reply_text(Connection *c, int status, const char *text) {
  Entry *e = calloc(1, sizeof *e);
  set_answer(e, status, text, strlen(text));
  reply(c, e, 0);
}
