// Owns the subgraphs' stand-in: one thread that remembers answers by path and body, so that a gateway is what a bench
// measures and not the subgraphs behind it. What it does not know it asks an origin, once.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include "answers.h"

static void forget(Entry *e) {
  Entry **link = &table[e->hash % BUCKETS];
  while (*link != e) link = &(*link)->next;
  *link = e->next;
  e->kept = false;
}

static void settle(Entry *e, int status, const char *body, size_t length) {
  set_answer(e, status, body, length);
  bool keep = status == 200 && !memmem(body, length, "\"errors\"", 8) && memory + e->answer_length < MAX_MEMORY;
  if (keep) memory += e->answer_length + e->key_length;
  else {
    e->path->unkept++;
    forget(e);
  }
  e->references++;
  for (Slot *s = e->waiters, *next; s; s = next) {
    next = s->next_waiter;
    e->path->sent += e->answer_length;
    if (s->client) flush(s->client);
    release_slot(s);
  }
  e->waiters = NULL;
  release_entry(e);
}

static void on_origin_ended(Connection *o) {
  Message answer;
  int status = 0;
  bool whole = o->in.length > 0 && read_message(o->in.at, o->in.length, &answer) == WHOLE;
  if (whole && sscanf(o->in.at, "HTTP/1.%*d %d", &status) == 1) settle(o->entry, status, answer.body, answer.length);
  else {
    static const char gone[] = "{\"errors\":[{\"message\":\"The origin did not answer.\"}]}";
    settle(o->entry, 502, gone, sizeof gone - 1);
  }
  close_connection(o);
}

static void ask_origin(Entry *e, const char *body, size_t length) {
  char head[512];
  int n = snprintf(head, sizeof head,
                   "POST %s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\naccept: application/json\r\n"
                   "connection: close\r\ncontent-length: %zu\r\n\r\n",
                   e->path->target, e->path->host, length);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) die("socket");
  // A refusal is told by the first event.
  if (connect(fd, (struct sockaddr *)&e->path->address, sizeof e->path->address) < 0 && errno != EINPROGRESS) {
    close(fd);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  }
  Connection *o = watched(ORIGIN, fd, EPOLLIN | EPOLLOUT);
  o->entry = e;
  append(&o->out, head, (size_t)n);
  append(&o->out, body, length);
}

static void on_question(Connection *c, Path *path, const char *body, size_t length) {
  path->requests++;
  path->received += length;
  uint64_t hash = hash_of(body, length, (uint64_t)(path - paths) + 1);
  Entry *e = table[hash % BUCKETS];
  while (e && !(e->hash == hash && e->path == path && e->key_length == length && memcmp(e->key, body, length) == 0))
    e = e->next;
  if (e && e->ready) path->sent += e->answer_length;
  bool miss = !e;
  if (miss) {
    path->misses++;
    e = calloc(1, sizeof *e);
    e->hash = hash;
    e->key = memcpy(malloc(length + 1), body, length);
    e->key_length = length;
    e->path = path;
    e->kept = true;
    e->next = table[hash % BUCKETS];
    table[hash % BUCKETS] = e;
  }
  reply(c, e, delay);
  if (miss) ask_origin(e, body, length);
}

static void on_echo(Connection *c, size_t bytes) {
  static Entry *echo;
  static size_t echo_bytes;
  if (!echo || echo_bytes != bytes) {
    if (echo) release_entry(echo);
    char *text = malloc(bytes + 1);
    if (!text) die("malloc");
    memset(text, 'x', bytes);
    if (bytes >= 2) text[0] = text[bytes - 1] = '"';
    echo = calloc(1, sizeof *echo);
    echo->references = 1;
    echo_bytes = bytes;
    set_answer(echo, 200, text, bytes);
    free(text);
  }
  reply(c, echo, 0);
}

static void tell_stats(Connection *c) {
  Buffer text = {0};
  Path all = {0};
  char line[512];
  for (int i = 0; i < path_count; i++) {
    Path *p = &paths[i];
    int n = snprintf(line, sizeof line,
                     "%s\"%s\":{\"requests\":%lu,\"misses\":%lu,\"unkept\":%lu,\"received\":%lu,\"sent\":%lu}", i ? "," : "",
                     p->name, p->requests, p->misses, p->unkept, p->received, p->sent);
    append(&text, line, (size_t)n);
    all.requests += p->requests, all.misses += p->misses, all.unkept += p->unkept;
    all.received += p->received, all.sent += p->sent;
  }
  Buffer whole = {0};
  int n = snprintf(line, sizeof line,
                   "{\"requests\":%lu,\"misses\":%lu,\"unkept\":%lu,\"received\":%lu,\"sent\":%lu,\"paths\":{", all.requests,
                   all.misses, all.unkept, all.received, all.sent);
  append(&whole, line, (size_t)n);
  if (text.length) append(&whole, text.at, text.length);
  append(&whole, "}}", 2);
  reply_text(c, 200, whole.at);
  free(text.at);
  free(whole.at);
}

static void on_request(Connection *c, const char *target, size_t target_length, const char *body, size_t length) {
  char name[256] = {0};
  unsigned long number;
  memcpy(name, target, target_length < sizeof name ? target_length : sizeof name - 1);
  char *end = strstr(name, "/graphql");
  for (int i = 0; end && i < path_count; i++) {
    size_t n = strlen(paths[i].name);
    if (name + 1 + n == end && memcmp(name + 1, paths[i].name, n) == 0) return on_question(c, &paths[i], body, length);
  }
  if (sscanf(name, "/echo/%lu", &number) == 1 && number <= MAX_BODY) return on_echo(c, number);
  if (strcmp(name, "/stats") == 0) return tell_stats(c);
  if (strcmp(name, "/reset") == 0) {
    for (int i = 0; i < path_count; i++)
      paths[i].requests = paths[i].misses = paths[i].unkept = paths[i].received = paths[i].sent = 0;
    return reply_text(c, 200, "{}");
  }
  if (sscanf(name, "/delay/%lu", &number) == 1) {
    delay = number * 1000000u;
    return reply_text(c, 200, "{}");
  }
  reply_text(c, 404, "{\"errors\":[{\"message\":\"There is no such path.\"}]}");
}

/** Takes one request from what was read. False when more must come first. */
static bool take_request(Connection *c, size_t *at) {
  Message request;
  Reading reading = read_message(c->in.at + *at, c->in.length - *at, &request);
  if (reading == MALFORMED) close_connection(c);
  static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
  if (reading == HEAD_ALONE && request.expects && !c->first) (void)!send(c->fd, go_on, sizeof go_on - 1, MSG_NOSIGNAL);
  if (reading != WHOLE) return false;
  char *target = memchr(request.head, ' ', request.head_length);
  char *end = target ? memchr(target + 1, ' ', (size_t)(request.body - target - 1)) : NULL;
  if (!end) return close_connection(c), false;
  if (request.closes) c->closing = true;
  on_request(c, target + 1, (size_t)(end - target - 1), request.body, request.length);
  *at += request.used;
  return true;
}

/** False when the other side has closed. */
static bool fill(Connection *c) {
  if (c->in.room - c->in.length < 65536) {
    c->in.room = c->in.room * 2 + 65536 * 2;
    if (!(c->in.at = realloc(c->in.at, c->in.room))) die("realloc");
  }
  ssize_t n = recv(c->fd, c->in.at + c->in.length, c->in.room - c->in.length - 1, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (n <= 0) return false;
  c->in.at[c->in.length += (size_t)n] = 0;
  return true;
}

static void on_client(Connection *c, uint32_t events) {
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    if (!fill(c)) return close_connection(c);
    size_t at = 0;
    while (!c->closed && take_request(c, &at)) {}
    if (c->closed) return;
    if (at > 0) memmove(c->in.at, c->in.at + at, c->in.length -= at);
  }
  flush(c);
}

static void on_origin(Connection *o, uint32_t events) {
  if (o->out.length > o->written && (events & EPOLLOUT)) {
    ssize_t n = send(o->fd, o->out.at + o->written, o->out.length - o->written, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) return on_origin_ended(o);
    if (n > 0 && (o->written += (size_t)n) == o->out.length) watch(o, EPOLLIN, EPOLL_CTL_MOD);
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && !fill(o)) on_origin_ended(o);
}

static void on_listener(int listener) {
  for (int fd, yes = 1; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    watched(CLIENT, fd, EPOLLIN);
  }
}

/** Reads `catalog=127.0.0.1:4102/graphql`. */
static void add_origin(char *text) {
  char *equals = strchr(text, '='), *colon = equals ? strchr(equals, ':') : NULL;
  char *slash = colon ? strchr(colon, '/') : NULL;
  if (!slash || path_count == MAX_PATHS) {
    fprintf(stderr, "--origin must be name=127.0.0.1:4102/graphql, at most %d of them, not \"%s\".\n", MAX_PATHS, text);
    exit(2);
  }
  Path *p = &paths[path_count++];
  p->name = strndup(text, (size_t)(equals - text));
  p->host = strndup(equals + 1, (size_t)(slash - equals - 1));
  p->target = strdup(slash);
  char *ip = strndup(equals + 1, (size_t)(colon - equals - 1));
  p->address.sin_family = AF_INET;
  p->address.sin_port = htons((uint16_t)atoi(colon + 1));
  if (inet_pton(AF_INET, ip, &p->address.sin_addr) != 1) fprintf(stderr, "%s is not an IPv4 address.\n", ip), exit(2);
  free(ip);
}

int main(int count, char **words) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  bool until_stdin_ends = false;
  for (int i = 1; i < count; i++) {
    if (strcmp(words[i], "--until-stdin-ends") == 0) until_stdin_ends = true;
    else if (strcmp(words[i], "--port") == 0 && i + 1 < count) address.sin_port = htons((uint16_t)atoi(words[++i]));
    else if (strcmp(words[i], "--origin") == 0 && i + 1 < count) add_origin(words[++i]);
    else fprintf(stderr, "stand-in --port 0 [--until-stdin-ends] --origin name=127.0.0.1:4102/graphql …\n"), exit(2);
  }
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), yes = 1;
  socklen_t length = sizeof address;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
  if (listen(listener, 4096) < 0 || getsockname(listener, (struct sockaddr *)&address, &length) < 0) die("listen");
  poll_fd = epoll_create1(EPOLL_CLOEXEC);
  timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  watched(LISTENER, listener, EPOLLIN);
  watched(TIMER, timer_fd, EPOLLIN);
  if (until_stdin_ends) watched(PARENT, STDIN_FILENO, EPOLLIN);
  printf("{\"port\":%d}\n", ntohs(address.sin_port));
  fflush(stdout);
  for (struct epoll_event events[256];;) {
    int n = epoll_wait(poll_fd, events, 256, -1);
    if (n < 0 && errno != EINTR) die("epoll_wait");
    for (int i = 0; i < n; i++) {
      Connection *c = events[i].data.ptr;
      char ignored[64];
      if (c->closed) continue;
      if (c->kind == CLIENT) on_client(c, events[i].events);
      else if (c->kind == ORIGIN) on_origin(c, events[i].events);
      else if (c->kind == TIMER) on_timer();
      else if (c->kind == LISTENER) on_listener(listener);
      else if (read(STDIN_FILENO, ignored, sizeof ignored) <= 0) return 0;
    }
    for (Connection *next; dead; dead = next) {
      next = dead->next_dead;
      free(dead->in.at);
      free(dead->out.at);
      free(dead);
    }
  }
}
