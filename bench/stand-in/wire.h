// Owns what the stand-in knows of bytes: buffers that grow, messages of HTTP/1.1, and a hash of bodies.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define MAX_HEAD 65536
#define MAX_BODY (64u << 20)

typedef struct { char *at; size_t length, room; } Buffer;
/** One message in a buffer. `used` is what it takes there, which is more than head and body where chunks were undone. */
typedef struct {
  char *head, *body;
  size_t head_length, length, used;
  bool expects, closes;
} Message;
typedef enum { WHOLE, INCOMPLETE, HEAD_ALONE, MALFORMED } Reading;

static void die(const char *what) { perror(what); exit(1); }

static void append(Buffer *b, const char *from, size_t length) {
  if (b->length + length + 1 > b->room) {
    b->room = (b->length + length + 1) * 2;
    if (!(b->at = realloc(b->at, b->room))) die("realloc");
  }
  memcpy(b->at + b->length, from, length);
  b->at[b->length += length] = 0;
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t hash_of(const char *at, size_t length, uint64_t hash) {
  uint64_t word;
  for (; length >= 8; at += 8, length -= 8) {
    memcpy(&word, at, 8);
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
  }
  for (; length > 0; at++, length--) hash = (hash ^ (unsigned char)*at) * 0x100000001B3u;
  return hash ^ (hash >> 32);
}

/** Undoes chunks in place. Gives the length of the body and sets `used`; -1: more must come, -2: it is malformed. */
static int64_t dechunk(char *at, size_t length, size_t *used, bool move) {
  size_t from = 0, to = 0;
  for (;;) {
    char *end, *line = memmem(at + from, length - from, "\r\n", 2);
    if (!line) return -1;
    uint64_t size = strtoull(at + from, &end, 16);
    if (end == at + from || size > MAX_BODY) return -2;
    from = (size_t)(line - at) + 2;
    if (size == 0) {
      char *last = memmem(at + from - 2, length - from + 2, "\r\n\r\n", 4);
      if (!last) return -1;
      *used = (size_t)(last - at) + 4;
      return (int64_t)to;
    }
    if (from + size + 2 > length) return -1;
    if (move) memmove(at + to, at + from, size);
    to += size;
    from += size + 2;
  }
}

static bool is_header(const char *line, const char *name, const char **value) {
  size_t length = strlen(name);
  if (strncasecmp(line, name, length) != 0 || line[length] != ':') return false;
  *value = line + length + 1 + strspn(line + length + 1, " \t");
  return true;
}

/** Finds one message at the beginning of what was read, which ends with a zero. A body without a length is empty. */
static Reading read_message(char *at, size_t available, Message *m) {
  size_t looked_at = available < MAX_HEAD ? available : MAX_HEAD;
  char *end = available ? memmem(at, looked_at, "\r\n\r\n", 4) : NULL;
  if (!end) return available >= MAX_HEAD ? MALFORMED : INCOMPLETE;
  *m = (Message){.head = at, .body = end + 4, .head_length = (size_t)(end - at) + 4};
  bool chunked = false;
  size_t length = 0, rest = available - m->head_length;
  const char *value;
  for (char *line = at; line < end; line++) {
    char first = (char)(*line | 32);
    if (first == 'c' || first == 't' || first == 'e') {
      if (is_header(line, "content-length", &value)) length = strtoull(value, NULL, 10);
      else if (is_header(line, "transfer-encoding", &value)) chunked = strncasecmp(value, "chunked", 7) == 0;
      else if (is_header(line, "expect", &value)) m->expects = true;
      else if (is_header(line, "connection", &value)) m->closes = strncasecmp(value, "close", 5) == 0;
    }
    line = memchr(line, '\n', (size_t)(end + 4 - line));
  }
  if (chunked) {
    // Looked through first, because a second look at chunks that were moved would find none.
    int64_t joined = dechunk(m->body, rest, &m->used, false);
    if (joined == -2) return MALFORMED;
    if (joined == -1) return rest == 0 ? HEAD_ALONE : INCOMPLETE;
    dechunk(m->body, rest, &m->used, true);
    length = (size_t)joined;
  } else {
    if (length > MAX_BODY) return MALFORMED;
    if (length > rest) return rest == 0 ? HEAD_ALONE : INCOMPLETE;
    m->used = length;
  }
  m->length = length;
  m->used += m->head_length;
  return WHOLE;
}
