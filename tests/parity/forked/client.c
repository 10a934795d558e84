// Stands where `aws` stands: hands its standard streams to `server.py`, which runs v1 in a fork of a process that has
// imported it, passes signals on to that fork and ends as it ends. What a fork cannot imitate is started for real.
//
// REAL (v1's own `aws`) and SOCKET (where the server listens) are given at compile time.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// Variables that the interpreter, the C library or a module of v1 reads before v1 runs.
static const char *const EARLY[] = {"LANG", "LC_", "PYTHON", "OPENSSL_", "LD_", "MALLOC_", "GCONV_PATH",
                                     "AWS_NEW_RETRIES_2026", NULL};
static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM};

static int is_started_for_real(void) {
    for (char **variable = environ; *variable; variable++)
        for (const char *const *early = EARLY; *early; early++)
            if (strncmp(*variable, *early, strlen(*early)) == 0) return 1;
    return 0;
}

// Sends the open ones of the descriptors 0, 1, 2; the byte says which they are.
static int send_streams(int connection, unsigned char open_ones) {
    int streams[3], count = 0;
    for (int stream = 0; stream < 3; stream++)
        if (open_ones & 1 << stream) streams[count++] = stream;
    char control[CMSG_SPACE(sizeof streams)] = {0};
    struct iovec body = {&open_ones, 1};
    struct msghdr message = {.msg_iov = &body, .msg_iovlen = 1};
    if (count) {
        message.msg_control = control;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(head), streams, count * sizeof(int));
    }
    return sendmsg(connection, &message, MSG_NOSIGNAL) == 1;
}

// Ends as the fork has ended.
static void end(int status, const sigset_t *blocked) {
    if (WIFSIGNALED(status)) {
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(WTERMSIG(status), SIG_DFL);
        sigprocmask(SIG_UNBLOCK, blocked, NULL);
        raise(WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

int main(int count, char **words) {
    unsigned char open_ones = 0;
    for (int stream = 0; stream < 3; stream++)
        if (fcntl(stream, F_GETFD) >= 0) open_ones |= 1 << stream;
    int connection = fcntl(socket(AF_UNIX, SOCK_STREAM, 0), F_DUPFD_CLOEXEC, 3);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET};
    if (count == 0 || is_started_for_real() || connect(connection, (struct sockaddr *)&address, sizeof address)) {
        for (int stream = 0; stream < 3; stream++)
            if (!(open_ones & 1 << stream)) close(stream);
        execv(REAL, words);
        return 126;
    }
    sigset_t forwarded;
    sigemptyset(&forwarded);
    for (size_t at = 0; at < sizeof SIGNALS / sizeof *SIGNALS; at++) sigaddset(&forwarded, SIGNALS[at]);
    sigprocmask(SIG_BLOCK, &forwarded, NULL);
    int signals = fcntl(signalfd(-1, &forwarded, SFD_CLOEXEC), F_DUPFD_CLOEXEC, 3);
    int child = 0, status = 0;
    if (!send_streams(connection, open_ones) || recv(connection, &child, 4, MSG_WAITALL) != 4) return 125;
    for (int stream = 0; stream < 3; stream++) close(stream); // only the fork holds them now
    struct pollfd events[2] = {{connection, POLLIN, 0}, {signals, POLLIN, 0}};
    while (poll(events, 2, -1) >= 0) {
        struct signalfd_siginfo info;
        if (events[1].revents && read(signals, &info, sizeof info) == sizeof info) kill(child, info.ssi_signo);
        if (!events[0].revents) continue;
        if (recv(connection, &status, 4, MSG_WAITALL) != 4) return 125;
        end(status, &forwarded);
    }
    return 125;
}
