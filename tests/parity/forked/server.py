"""Runs v1 many times without starting it many times: imports it once and forks for each call.

    env -i PATH=/usr/bin:/bin HOME=/forked-home TZ=UTC PYTHON server.py SOCKET AWS

`client.c` stands where `aws` stands and hands over its standard streams. The fork takes all else from the client's
entries in /proc: words, environment, working directory, umask, limits, ignored signals. Then it runs the text of AWS
as `__main__` and ends as the interpreter ends, so exit codes, tracebacks and signals are Python's own. Whatever v1
does in a call it does in the fork; shared are only its modules and what is parsed from files of its own package.

Prints `ready` when it listens; ends, and with it every fork, when its standard input ends.
"""

import array
import atexit
import copy
import gc
import importlib
import inspect
import io
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
import types

SOCKET, AWS = sys.argv[1:3]
CODE = compile(open(AWS).read(), AWS, "exec")
# Python coerces the C locale before it runs anything, and says so in the environment (PEP 538).
COERCED = os.environ.get("LC_CTYPE")
# The home while modules are imported: what they make of it is found by this name and set again in each fork.
HOME = os.environ["HOME"]
# Frames under the script that are not there when it is started by itself: this module, and `exec`.
DEEPER = 2
LIMITS = [getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")]
# Modules that read the environment when they are imported, beside `awscli`.
READ_EARLY = ["configprovider", "args", "client", "session"]
COPY = "--recovery-point-arn a --source-backup-vault-name v --destination-backup-vault-arn a --iam-role-arn a"
# Command lines that import what calls import.
USUAL = [
    "start-copy-job --generate-cli-skeleton input",
    "start-copy-job help",
    f"start-copy-job {COPY} --debug",
    f"start-copy-job {COPY} --output table",
    f"start-copy-job {COPY} --output text --query a",
    "describe-copy-job --copy-job-id a --output text --query a",
]
USUAL_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ENDPOINT_URL_BACKUP": "http://127.0.0.1:9",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


def preload():
    """Imports what the usual command lines import; they are run in forks, which report the names.

    Returns the events that they met whose names are no alias.
    """
    import awscli.clidriver

    names, events = set(), set()
    for line in USUAL:
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            null = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(null, stream)
            os.environ.update(USUAL_ENVIRONMENT)
            sys.argv = ["aws", "backup", *line.split()]
            try:
                awscli.clidriver.main()
            finally:
                with os.fdopen(writing, "w") as pipe:
                    pipe.write("\n".join(sys.modules) + "\n\n" + "\n".join(plain_events()))
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            for known, told in zip((names, events), pipe.read().split("\n\n")):
                known.update(told.split("\n"))
        os.waitpid(pid, 0)
    for name in sorted(names - set(sys.modules)):
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # an alias that only a call makes
    return events


def plain_events():
    """Returns the names of events that this process met and that are no alias."""
    from botocore.hooks import EventAliaser

    caches = [thing._alias_name_cache for thing in gc.get_objects() if isinstance(thing, EventAliaser)]
    return {event for cache in caches for event, name in cache.items() if event == name}


class KnownFiles:
    """`os` for botocore's loaders: what lies below v1's own package is looked up once."""

    def __init__(self, wrapped, package, known=None):
        self._wrapped, self._package, self._known = wrapped, package + os.sep, {} if known is None else known
        if wrapped is os:
            self.path = KnownFiles(os.path, package, self._known)

    def __getattr__(self, name):
        function = getattr(self._wrapped, name)
        if name not in ("listdir", "isdir", "isfile", "exists"):
            return function

        def look_up(path):
            if not path.startswith(self._package):
                return function(path)
            key = name, path
            if key not in self._known:
                self._known[key] = function(path)
            found = self._known[key]
            return list(found) if name == "listdir" else found

        return look_up


def share_models():
    """Parses the models that calls read; each fork takes the parsed ones, once, as a call would parse them."""
    from botocore import loaders

    package = os.path.dirname(os.path.dirname(os.path.abspath(loaders.__file__)))
    parsed, load_file = {}, loaders.JSONFileLoader._load_file
    general = ["endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json", "cli.json"]
    for folder, _, files in os.walk(package):
        for file in files:
            if file in general or "backup" in folder.split(os.sep) and file.endswith((".json", ".json.gz")):
                path = os.path.join(folder, file)
                parsed[path] = loaders.JSONFileLoader().load_file(path.removesuffix(".gz").removesuffix(".json"))

    def take(self, full_path, open_method):
        return parsed.pop(full_path) if full_path in parsed else load_file(self, full_path, open_method)

    loaders.JSONFileLoader._load_file = take
    loaders.os = KnownFiles(os, package)
    share_lists(loaders.Loader)


def share_lists(loader):
    """Lists the services of v1's own package once, for each kind of file; folders of the user are read in each fork."""
    list_services, own = loader.list_available_services, loader.BUILTIN_DATA_PATH
    listed = {}
    for kind in ("service-2", "paginators-1", "waiters-2", "completions-1", "examples-1", "endpoint-rule-set-1"):
        listed[kind] = list_services(loader([own], include_default_search_paths=False), kind)

    def take(self, type_name):
        if type_name not in listed or own not in self._search_paths:
            return list_services(self, type_name)
        others = copy.copy(self)
        others._cache, others._search_paths = {}, [path for path in self._search_paths if path != own]
        return sorted({*listed[type_name], *list_services(others, type_name)})

    loader.list_available_services = take


def share_events(events):
    """Lets forks know which events are no alias, and read from a handler's code whether it takes any keyword.

    v1 finds both out for each of its 400 handlers in each call; the names of the events tell nothing of the call.
    """
    from botocore import hooks

    start, takes_any = hooks.EventAliaser.__init__, hooks.accepts_kwargs

    def start_knowing(self, *values, **named):
        start(self, *values, **named)
        self._alias_name_cache.update(known)

    def read_code(handler):
        code = getattr(handler, "__code__", None)
        return takes_any(handler) if code is None else bool(code.co_flags & inspect.CO_VARKEYWORDS)

    known = dict(zip(events, events))
    hooks.EventAliaser.__init__, hooks.accepts_kwargs = start_knowing, read_code


def is_of_home(value):
    """Checks that a value was made of `~` while modules were imported."""
    return type(value) is str and value.startswith(HOME)


def find_homes():
    """Finds what modules made of `~`: (owner, name, value) of variables, (function, None, values) of defaults."""
    found, seen = [], set()

    def look(owner):
        for name, value in list(vars(owner).items()):
            value = getattr(value, "__func__", value) if type(value) in (staticmethod, classmethod) else value
            if is_of_home(value):
                found.append((owner, name, value))
            elif type(value) is types.FunctionType and any(map(is_of_home, value.__defaults__ or ())):
                found.append((value, None, value.__defaults__))
            elif isinstance(value, type) and value not in seen:
                seen.add(value)
                look(value)

    for module in list(sys.modules.values()):
        if type(module) is types.ModuleType and module.__name__ != __name__:
            look(module)
    return found


def set_homes(homes):
    """Sets what modules made of `~` to what they would make of it now."""

    def moved(value):
        return os.path.expanduser("~" + value[len(HOME) :]) if is_of_home(value) else value

    for owner, name, value in homes:
        if name is None:
            owner.__defaults__ = tuple(map(moved, value))
        else:
            setattr(owner, name, moved(value))


def receive_streams(connection):
    """Puts the client's streams in the places of ours; closes what the client has closed."""
    room = socket.CMSG_LEN(3 * array.array("i").itemsize)
    open_ones, ancillary, _, _ = connection.recvmsg(1, room)
    sent = array.array("i")
    for _, _, data in ancillary:
        sent.frombytes(data)
    for stream in range(3):
        if open_ones[0] & 1 << stream:
            os.dup2(sent.pop(0), stream)
        else:
            os.close(stream)
    os.closerange(3, 1024)


def open_stream(number, mode, name, errors):
    """Makes a standard stream as the interpreter does at its start; none of a closed descriptor."""
    try:
        os.fstat(number)
    except OSError:
        return None
    buffer = open(number, mode + "b", closefd=False)
    buffer.raw.name = name
    lines = number == 2 or buffer.raw.isatty()
    text = io.TextIOWrapper(buffer, encoding="utf-8", errors=errors, newline="\n", line_buffering=lines)
    text.mode = mode
    return text


def set_environment(entries):
    """Makes `os.environ` as the interpreter does at its start: the first of two variables of one name counts."""
    os.environ.clear()
    for entry in entries:
        name, _, value = entry.partition(b"=")
        if name and name not in os.environb:
            os.environb[name] = value
    if COERCED:
        os.environ["LC_CTYPE"] = COERCED
    time.tzset()


def set_signals(ignored):
    """Sets every signal as the interpreter does at its start: ignored ones stay so, Ctrl-C is an exception."""
    for number in range(1, 32):
        if ignored >> (number - 1) & 1:
            signal.signal(number, signal.SIG_IGN)
        elif number == signal.SIGINT:
            signal.signal(number, signal.default_int_handler)
        elif number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_IGN)
        elif number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)


def become(client, connection, homes):
    """Makes this fork the process that the client stands for."""
    entry = f"/proc/{client}/"
    with open(entry + "status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    with open(entry + "environ", "rb") as file:
        environment = file.read().split(b"\0")[:-1]
    with open(entry + "cmdline", "rb") as file:
        words = file.read().split(b"\0")[:-1]
    limits = [(limit, resource.prlimit(client, limit)) for limit in LIMITS]
    os.chdir(entry + "cwd")
    os.umask(int(status["Umask"], 8))
    receive_streams(connection)
    for limit, values in limits:
        resource.setrlimit(limit, values)
    os.setsid()
    set_signals(int(status["SigIgn"], 16))
    set_environment(environment)
    sys.argv = [AWS, *map(os.fsdecode, words[1:])]
    sys.path[0] = os.path.dirname(AWS)
    sys.stdin = sys.__stdin__ = open_stream(0, "r", "<stdin>", "surrogateescape")
    sys.stdout = sys.__stdout__ = open_stream(1, "w", "<stdout>", "surrogateescape")
    sys.stderr = sys.__stderr__ = open_stream(2, "w", "<stderr>", "backslashreplace")
    importlib.reload(sys.modules["awscli"])
    set_homes(homes)
    if "AWS_NEW_RETRIES_2026" in os.environ:
        for name in READ_EARLY:
            for module in (f"botocore.{name}", f"awscli.botocore.{name}"):
                if module in sys.modules:
                    importlib.reload(sys.modules[module])


def show_error(kind, error, trace):
    """Prints a traceback without our own frames."""
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    error.__traceback__ = trace
    sys.__excepthook__(kind, error, trace)


def end(code):
    """Ends as the interpreter begins to end, then at once; returns where that does not go smoothly."""
    try:
        sys.modules["threading"]._shutdown()
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except Exception:
        return
    os._exit(code & 0xFF)


def client_of(connection):
    """Returns the process at the other end."""
    return struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]


def serve(homes):
    """Forks for each connection, and reports each end; returns in the forks alone."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(SOCKET)
    listener.listen(128)
    poller = select.poll()
    for descriptor in (0, listener.fileno()):
        poller.register(descriptor, select.POLLIN)
    forks, ends = {}, {}
    print("ready", flush=True)
    while True:
        for descriptor, _ in poller.poll():
            if descriptor == 0:
                for pid, _ in ends.values():
                    os.kill(pid, signal.SIGKILL)
                os._exit(0)
            elif descriptor == listener.fileno():
                connection, _ = listener.accept()
                pid = os.fork()
                if pid == 0:
                    become(client_of(connection), connection, homes)
                    connection.detach()
                    listener.detach()
                    return
                forks[connection.fileno()] = pid
                pidfd = os.pidfd_open(pid)
                ends[pidfd] = pid, connection
                poller.register(pidfd, select.POLLIN)
                poller.register(connection, 0)  # its end alone
                report(connection, pid)
            elif descriptor in ends:
                pid, connection = ends.pop(descriptor)
                _, status = os.waitpid(pid, 0)
                poller.unregister(descriptor)
                os.close(descriptor)
                if forks.pop(connection.fileno(), None):
                    poller.unregister(connection)
                report(connection, status)
                connection.close()
            elif descriptor in forks:
                os.kill(forks.pop(descriptor), signal.SIGKILL)  # the client was killed
                poller.unregister(descriptor)


def report(connection, number):
    """Sends a number to a client, which may be gone."""
    try:
        connection.send(struct.pack("i", number))
    except OSError:
        pass


share_events(preload())
share_models()
_homes = find_homes()
gc.collect()
gc.freeze()
serve(_homes)
_space = sys.modules["__main__"] = types.ModuleType("__main__")
_space.__file__ = AWS
sys.excepthook = show_error
sys.setrecursionlimit(sys.getrecursionlimit() + DEEPER)
try:
    exec(CODE, _space.__dict__)
except SystemExit as ending:
    if type(ending.code) is int or ending.code is None:
        end(ending.code or 0)
    raise
