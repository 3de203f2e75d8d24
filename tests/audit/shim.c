/* Faults of a disk and of a clock, for one process and its children: LD_PRELOAD.

   SHIM_CONTROL names a file of sizeof(struct control) that the test maps too, so that faults come
   and go, and the clock jumps, while the process runs. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, OPEN = 4 };

struct control {
    int64_t clock_ns; /* added to the wall clock */
    int32_t op;       /* which calls fail */
    int32_t error;    /* with what errno */
    int64_t skip;     /* so many matching calls pass first */
    int64_t count;    /* so many fail then */
    int64_t hits;     /* so many failed */
    int32_t no_sync;  /* fsync does nothing and says that it did */
    int32_t spare;
    char path[512];   /* part of the path of the file */
};

static struct control *control;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("SHIM_CONTROL");
    if (!name) return;
    int fd = syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) return;
    void *at = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (at != MAP_FAILED) control = at;
}

/* A path ends with a line's end, so that a part of it can say "and nothing after". */
static int struck(const char *path) {
    char whole[1100];
    snprintf(whole, sizeof whole, "%s\n", path);
    if (!strstr(whole, control->path)) return 0;
    if (__atomic_sub_fetch(&control->skip, 1, __ATOMIC_SEQ_CST) >= 0) return 0;
    if (__atomic_sub_fetch(&control->count, 1, __ATOMIC_SEQ_CST) < 0) return 0;
    __atomic_add_fetch(&control->hits, 1, __ATOMIC_SEQ_CST);
    errno = control->error;
    return 1;
}

static int fails(int op, int fd) {
    if (!control || !(control->op & op)) return 0;
    char link[64], path[1024];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return struck(path);
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *from, size_t n) {
    REAL(ssize_t, "write", int, const void *, size_t);
    return fails(WRITE, fd) ? -1 : real(fd, from, n);
}
ssize_t writev(int fd, const struct iovec *from, int n) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    return fails(WRITE, fd) ? -1 : real(fd, from, n);
}
ssize_t pwrite(int fd, const void *from, size_t n, off_t at) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    return fails(WRITE, fd) ? -1 : real(fd, from, n, at);
}
ssize_t pwrite64(int fd, const void *from, size_t n, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    return fails(WRITE, fd) ? -1 : real(fd, from, n, at);
}
int fsync(int fd) {
    REAL(int, "fsync", int);
    if (fails(SYNC, fd)) return -1;
    return control && control->no_sync ? 0 : real(fd);
}
int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    if (fails(SYNC, fd)) return -1;
    return control && control->no_sync ? 0 : real(fd);
}

static int refused(const char *path, int flags) {
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
    return control && (control->op & OPEN) && writes && struck(path);
}
#define MODE \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); \
    }
int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...);
    MODE
    return refused(path, flags) ? -1 : real(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    MODE
    return refused(path, flags) ? -1 : real(path, flags, mode);
}
int openat(int dir, const char *path, int flags, ...) {
    REAL(int, "openat", int, const char *, int, ...);
    MODE
    return refused(path, flags) ? -1 : real(dir, path, flags, mode);
}

int clock_gettime(clockid_t which, struct timespec *to) {
    REAL(int, "clock_gettime", clockid_t, struct timespec *);
    int told = real(which, to);
    if (!told && control && control->clock_ns &&
        (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        int64_t ns = to->tv_sec * 1000000000LL + to->tv_nsec + control->clock_ns;
        to->tv_sec = ns / 1000000000LL;
        to->tv_nsec = ns % 1000000000LL;
    }
    return told;
}
int gettimeofday(struct timeval *restrict to, void *restrict zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    to->tv_sec = now.tv_sec;
    to->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *to) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (to) *to = now.tv_sec;
    return now.tv_sec;
}
