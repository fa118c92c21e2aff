// Stands in for libnccl.so.2: ranks are threads of one process, and memory is the host's. It checks what it is handed as strictly as NCCL
// does, or more so, and can be told to fail the way NCCL fails.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, SYSTEM_ERROR = 2, INTERNAL_ERROR = 3, INVALID_ARGUMENT = 4, INVALID_USAGE = 5, REMOTE_ERROR = 6 };
enum { INT8 = 0, UINT8 = 1, INT32 = 2, INT64 = 4, FLOAT16 = 6, FLOAT32 = 7, FLOAT64 = 8, BFLOAT16 = 9 };
enum { NORMAL, FAIL, HANG_ON_STREAM, HANG_IN_CALL, FAIL_LATER, HANG_IN_INIT };
enum { MAX_RANKS = 8, MAX_GROUPS = 256, MAX_LOG = 1 << 16 };

typedef struct { char data[128]; } unique_id;
typedef struct { int rank; int busy; } stream;
typedef struct message { void *data; size_t bytes; int type; struct message *next; } message;
typedef struct { const char *operation; const void *in; void *out; size_t count; int type; int argument; } request;

typedef struct {
    unique_id id;
    int size, joined, members[MAX_RANKS], arrived, generation, outcome;
    request requests[MAX_RANKS];
    message *mail[MAX_RANKS][MAX_RANKS];
} group;

typedef struct { group *of; int rank, aborted, ended, error; stream *last; } communicator;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static group groups[MAX_GROUPS];
static int group_count, live, mode, mode_rank;
static stream streams[MAX_RANKS];
static char log_text[MAX_LOG];
static size_t log_length;

static void note(const char *operation, int rank, size_t count, int type, int argument) {
    if (log_length < MAX_LOG - 100)
        log_length += (size_t)snprintf(log_text + log_length, 100, "%s rank=%d count=%zu type=%d argument=%d\n", operation, rank, count, type, argument);
}

// What tests call.

void stub_reset(void) {
    pthread_mutex_lock(&gate);
    mode = NORMAL;
    log_length = 0;
    log_text[0] = 0;
    memset(streams, 0, sizeof streams);
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&gate);
}

void stub_misbehave(int how, int rank) {
    pthread_mutex_lock(&gate);
    mode = how;
    mode_rank = rank;
    pthread_mutex_unlock(&gate);
}

int stub_live(void) { return live; }
const char *stub_log(void) { return log_text; }
void *stub_stream(int rank) { return &streams[rank]; }

int stub_is_idle(stream *s) {
    pthread_mutex_lock(&gate);
    int idle = !s->busy;
    pthread_mutex_unlock(&gate);
    return idle;
}

// What NCCL has.

int ncclGetVersion(int *version) {
    *version = 22105;
    return SUCCESS;
}

const char *ncclGetErrorString(int code) {
    switch (code) {
    case SUCCESS: return "no error";
    case SYSTEM_ERROR: return "unhandled system error";
    case INTERNAL_ERROR: return "internal error";
    case INVALID_ARGUMENT: return "invalid argument";
    case INVALID_USAGE: return "invalid usage";
    case REMOTE_ERROR: return "remote process exited or there was a network error";
    default: return "unknown result code";
    }
}

int ncclGetUniqueId(unique_id *id) {
    if (!id) return INVALID_ARGUMENT;
    pthread_mutex_lock(&gate);
    if (group_count == MAX_GROUPS) abort();
    group *g = &groups[group_count];
    for (size_t i = 0; i < sizeof g->id.data; i++) g->id.data[i] = (char)(i + 1);
    memcpy(g->id.data, &group_count, sizeof group_count);
    *id = g->id;
    group_count++;
    pthread_mutex_unlock(&gate);
    return SUCCESS;
}

int ncclCommInitRank(communicator **result, int size, unique_id id, int rank) {
    if (!result || size < 1 || size > MAX_RANKS || rank < 0 || rank >= size) return INVALID_ARGUMENT;
    pthread_mutex_lock(&gate);
    group *g = NULL;
    for (int i = 0; i < group_count; i++)
        if (!memcmp(&groups[i].id, &id, sizeof id)) g = &groups[i];
    int code = !g ? INVALID_ARGUMENT : (g->size && g->size != size) || g->members[rank] ? INVALID_USAGE : SUCCESS;
    if (code == SUCCESS) {
        note("init", rank, 0, 0, size);
        g->size = size;
        g->members[rank] = 1;
        g->joined++;
        pthread_cond_broadcast(&changed);
        while (g->joined < size || (mode == HANG_IN_INIT && mode_rank == rank)) pthread_cond_wait(&changed, &gate);
        *result = calloc(1, sizeof **result);
        (*result)->of = g;
        (*result)->rank = rank;
        live++;
    }
    pthread_mutex_unlock(&gate);
    return code;
}

// Memory is kept: a call on an ended communicator must be seen, not crash.
static int end(communicator *c, int aborted) {
    if (!c) return INVALID_ARGUMENT;
    pthread_mutex_lock(&gate);
    int code = c->ended ? INVALID_USAGE : SUCCESS;
    if (code == SUCCESS) {
        note(aborted ? "abort" : "destroy", c->rank, 0, 0, 0);
        c->ended = 1;
        c->aborted = aborted;
        if (c->last) c->last->busy = 0;
        live--;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&gate);
    return code;
}

int ncclCommAbort(communicator *c) { return end(c, 1); }
int ncclCommDestroy(communicator *c) { return end(c, 0); }

int ncclCommGetAsyncError(communicator *c, int *error) {
    if (!c || !error) return INVALID_ARGUMENT;
    pthread_mutex_lock(&gate);
    int code = c->ended ? INVALID_USAGE : SUCCESS;
    *error = c->error;
    pthread_mutex_unlock(&gate);
    return code;
}

static size_t width(int type) {
    switch (type) {
    case INT8: case UINT8: return 1;
    case FLOAT16: case BFLOAT16: return 2;
    case INT32: case FLOAT32: return 4;
    case INT64: case FLOAT64: return 8;
    default: return 0;
    }
}

// With the gate held. Returns whether the caller goes on; if not, code is what it returns.
static int begin(communicator *c, const char *operation, request r, stream *s, int *code) {
    int known = s && (char *)s >= (char *)streams && (char *)s < (char *)(streams + MAX_RANKS) && s == &streams[c ? c->rank : 0];
    *code = !c || !known || !r.in || !r.out || r.count == 0 || !width(r.type) ? INVALID_ARGUMENT : c->ended ? INVALID_USAGE : SUCCESS;
    if (*code != SUCCESS) return 0;
    note(operation, c->rank, r.count, r.type, r.argument);
    c->last = s;
    if (mode == NORMAL || mode == HANG_IN_INIT || mode_rank != c->rank) return 1;
    switch (mode) {
    case FAIL: *code = SYSTEM_ERROR; break;
    case FAIL_LATER: c->error = REMOTE_ERROR; s->busy = 1; break;
    case HANG_ON_STREAM: s->busy = 1; break;
    case HANG_IN_CALL:
        while (!c->aborted) pthread_cond_wait(&changed, &gate);
        *code = INTERNAL_ERROR;
        break;
    default: abort();
    }
    return 0;
}

static float from_bfloat16(uint16_t bits) {
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

static uint16_t to_bfloat16(float value) {
    uint32_t wide;
    memcpy(&wide, &value, sizeof wide);
    return (uint16_t)((wide + 0x7fff + ((wide >> 16) & 1)) >> 16);
}

static int sum(group *g, size_t count, int type) {
    if (type != FLOAT32 && type != BFLOAT16) return INVALID_ARGUMENT;
    for (size_t i = 0; i < count; i++) {
        float total = 0;
        for (int r = 0; r < g->size; r++)
            total += type == FLOAT32 ? ((const float *)g->requests[r].in)[i] : from_bfloat16(((const uint16_t *)g->requests[r].in)[i]);
        for (int r = 0; r < g->size; r++)
            if (type == FLOAT32) ((float *)g->requests[r].out)[i] = total;
            else ((uint16_t *)g->requests[r].out)[i] = to_bfloat16(total);
    }
    return SUCCESS;
}

// The last rank to arrive does the work of all.
static int complete(group *g) {
    request *first = &g->requests[0];
    size_t bytes = first->count * width(first->type);
    for (int r = 1; r < g->size; r++) {
        request *other = &g->requests[r];
        if (strcmp(other->operation, first->operation) || other->count != first->count || other->type != first->type || other->argument != first->argument)
            return INVALID_USAGE;
    }
    if (!strcmp(first->operation, "all_reduce")) return sum(g, first->count, first->type);
    for (int r = 0; r < g->size; r++) {
        if (!strcmp(first->operation, "all_gather"))
            for (int from = 0; from < g->size; from++) memcpy((char *)g->requests[r].out + (size_t)from * bytes, g->requests[from].in, bytes);
        else if (r != first->argument) memcpy(g->requests[r].out, g->requests[first->argument].in, bytes);
    }
    return SUCCESS;
}

static int collective(communicator *c, request r, stream *s) {
    int code;
    pthread_mutex_lock(&gate);
    if (begin(c, r.operation, r, s, &code)) {
        group *g = c->of;
        int generation = g->generation;
        g->requests[c->rank] = r;
        if (++g->arrived == g->size) {
            g->outcome = complete(g);
            g->arrived = 0;
            g->generation++;
            pthread_cond_broadcast(&changed);
        }
        while (g->generation == generation && !c->aborted) pthread_cond_wait(&changed, &gate);
        code = g->generation == generation ? INTERNAL_ERROR : g->outcome;
    }
    pthread_mutex_unlock(&gate);
    return code;
}

int ncclAllReduce(const void *in, void *out, size_t count, int type, int operation, communicator *c, stream *s) {
    if (operation != 0) return INVALID_ARGUMENT;
    return collective(c, (request){ "all_reduce", in, out, count, type, operation }, s);
}

int ncclAllGather(const void *in, void *out, size_t count, int type, communicator *c, stream *s) {
    return collective(c, (request){ "all_gather", in, out, count, type, 0 }, s);
}

int ncclBroadcast(const void *in, void *out, size_t count, int type, int root, communicator *c, stream *s) {
    if (!c || root < 0 || root >= c->of->size) return INVALID_ARGUMENT;
    return collective(c, (request){ "broadcast", in, out, count, type, root }, s);
}

int ncclSend(const void *in, size_t count, int type, int peer, communicator *c, stream *s) {
    if (!c || peer < 0 || peer >= c->of->size || peer == c->rank) return INVALID_ARGUMENT;
    int code;
    pthread_mutex_lock(&gate);
    if (begin(c, "send", (request){ "send", in, (void *)in, count, type, peer }, s, &code)) {
        message *m = malloc(sizeof *m);
        *m = (message){ malloc(count * width(type)), count * width(type), type, NULL };
        memcpy(m->data, in, m->bytes);
        message **tail = &c->of->mail[c->rank][peer];
        while (*tail) tail = &(*tail)->next;
        *tail = m;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&gate);
    return code;
}

int ncclRecv(void *out, size_t count, int type, int peer, communicator *c, stream *s) {
    if (!c || peer < 0 || peer >= c->of->size || peer == c->rank) return INVALID_ARGUMENT;
    int code;
    pthread_mutex_lock(&gate);
    if (begin(c, "receive", (request){ "receive", out, out, count, type, peer }, s, &code)) {
        message **head = &c->of->mail[peer][c->rank];
        while (!*head && !c->aborted) pthread_cond_wait(&changed, &gate);
        message *m = *head;
        if (!m) code = INTERNAL_ERROR;
        else {
            *head = m->next;
            if (m->bytes == count * width(type) && m->type == type) memcpy(out, m->data, m->bytes);
            else code = INVALID_USAGE;
            free(m->data);
            free(m);
        }
    }
    pthread_mutex_unlock(&gate);
    return code;
}
