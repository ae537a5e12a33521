"""The last wall: jobs that run any Python they like, as if the language had been broken out of.

Here a job's code is executed as it stands, in the real fork of the real server, with its limits.
"""

from __future__ import annotations

import ast
import json
import os
import struct
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from verideck.verifying import syscalls
from verideck.verifying.records import JobKind, Outcome
from verideck.verifying.worker import PASSED, THREADS, Job, Worker, command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROKEN = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
import array, ctypes, errno, itertools, mmap, os, resource, shutil, signal, socket, subprocess, threading
import time, _thread, tempfile, multiprocessing
from verideck.cards import Step
from verideck.verifying import child, forkserver, limits
from verideck.verifying.records import Outcome

state = {"os": os, "errno": errno}  # what a job leaves behind for the next one in its process

def compute(kind, code, given):
    exec(code, state)
    return Outcome(steps=(Step("got", str(state.get("got"))),))

child.compute = compute
limits.LIMITS = {"run": limits.Limits(memory=1 << 30, alone=True),
                 "vary": limits.Limits(wall=0.5, alone=True),
                 "heatmap": limits.Limits(processor=1, alone=True)}
child.main()
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in syscalls.ARCHITECTURES,
    reason="only Linux filters system calls",
)


PATIENCE = 1800  # seconds, on a machine that does much else
HANG = "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()"


@pytest.fixture(scope="module")
def start() -> list[str]:
    *interpreter, _, paths = command()
    return [*interpreter, BROKEN, paths]


@pytest.fixture(scope="module")
def broken(start: list[str]) -> Iterator[Worker]:
    with Worker(start) as worker:
        yield worker


def run(worker: Worker, code: str, kind: JobKind = JobKind.RUN) -> Outcome:
    """Run a job and a good one after it, which must be computed as if nothing had happened."""
    outcome = worker.run(Job(kind, code))
    after = worker.run(Job(JobKind.RUN, "got = 1 + 1"))
    assert [step.value for step in after.steps] == ["2"]
    return outcome


# Name: code that needs a system call which is not allowed; nothing that would do harm if it were.
REFUSED = {
    "read a file": "got = open('/etc/passwd').read()",
    "read a file by a system call": "got = os.open('/etc/passwd', os.O_RDONLY)",
    "write a file": "open(TARGET + '.new', 'w').write('x')",
    "append to a file": "open(TARGET, 'a').write('x')",
    "truncate a file": "os.truncate(TARGET, 0)",
    "delete a file": "os.unlink(TARGET)",
    "rename a file": "os.rename(TARGET, TARGET + '.new')",
    "change a file's mode": "os.chmod(TARGET, 0o777)",
    "change a file's times": "os.utime(TARGET)",
    "link a file": "os.link(TARGET, TARGET + '.new')",
    "make a symbolic link": "os.symlink('/etc/passwd', TARGET + '.new')",
    "make a folder": "os.mkdir(TARGET + '.new')",
    "make a pipe file": "os.mkfifo(TARGET + '.new')",
    "make a temporary file": "import tempfile; got = tempfile.mkstemp()",
    "list a folder": "got = os.listdir('/')",
    "ask for a file's size": "got = os.stat(TARGET)",
    "change the folder": "os.chdir('/')",
    "change the root": "os.chroot('/')",
    "open a socket": "import socket; socket.socket()",
    "resolve a name": "import socket; socket.create_connection(('127.0.0.1', 80))",
    "open a socket pair": "import socket; socket.socketpair()",
    "open a pipe": "os.pipe()",
    "duplicate a file": "os.dup(0)",
    "share memory": "os.memfd_create('x')",
    "fork": "os.fork()",
    "fork by a system call": "import ctypes\nif ctypes.CDLL(None).syscall(57) < 0: raise OSError",
    "start a program": "import subprocess; subprocess.run(['true'])",
    "spawn a program": "os.posix_spawn('/bin/true', ['true'], {})",
    "become a program": "os.execv('/bin/true', ['true'])",
    "start a thread": "import threading; threading.Thread(target=print).start()",
    "send a signal": "os.kill(PARENT, 0)",
    "send a signal to everybody": "os.kill(-1, 0)",
    "send a signal to a group": "os.killpg(os.getpgrp(), 0)",
    "become another user": "os.setuid(0)",
    "leave the session": "os.setsid()",
    "raise the limit of files": "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99))",
    "raise the limit of memory": "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "lower the priority": "os.nice(-5)",
    "import a module": "import antigravity",
    "import a package from a folder": "import sys; sys.path.insert(0, '/tmp'); import stranger",
    "another system call": "import ctypes\nif ctypes.CDLL(None).syscall(319) < 0: raise OSError",
    "call of another kind": "import ctypes\nif ctypes.CDLL(None).syscall(1 << 30 | 39) < 0: raise OSError",
    "run out of memory": "got = bytearray(2 << 30)",
    "run out of memory in bits": "got = []\nwhile True: got.append(bytes(1 << 20))",
    "share memory without a file": "import mmap; got = mmap.mmap(-1, 2 << 30)",
}

ENDLESS = {  # name: code that is ended when its processor time is spent
    "count for ever": "while True: pass",
    "multiply for ever": "x = 9 ** 9 ** 9",
    "ignore the end": "import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
}
FATAL = {  # name: code that ends its own process, and what is told of it
    "abort": ("os.abort()", "died"),
    "exit": ("os._exit(7)", "exit code 7"),
    "raise the exit": ("raise SystemExit(9)", "exit code"),
    "read nowhere": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    "write nowhere": ("import ctypes; ctypes.memset(0, 1, 1)", "SIGSEGV"),
    "recurse in C": (
        "import sys\nsys.setrecursionlimit(1 << 30)\nx = []\nfor _ in range(1 << 20): x = [x]\nrepr(x)",
        "SIGSEGV",
    ),
    "say too much": ("got = 'x' * (5 << 20)", "too long to read"),
    "close the answers": ("os.closerange(3, 64)", "died"),
    "answer nonsense": (
        "for file in range(3, 64):\n try: os.write(file, b'nonsense\\n')\n except OSError: pass",
        "nonsense",
    ),
}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "target"
    path.write_text("as it was", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", REFUSED)
def test_no_way_out(broken: Worker, target: Path, name: str) -> None:
    code = REFUSED[name].replace("TARGET", repr(str(target))).replace("PARENT", str(os.getpid()))
    (fault,) = run(broken, code).faults
    assert fault.reason == "crash"
    assert [path.name for path in target.parent.iterdir()] == ["target"]
    assert target.read_text(encoding="utf-8") == "as it was"


@pytest.mark.parametrize("name", FATAL)
def test_no_harm_to_others(broken: Worker, name: str) -> None:
    code, told = FATAL[name]
    (fault,) = run(broken, code).faults
    assert told in fault.message
    assert fault.reason == "crash"


@pytest.mark.parametrize("name", ENDLESS)
def test_processor_time_ends_what_steps_let_through(broken: Worker, name: str) -> None:
    (fault,) = run(broken, ENDLESS[name], JobKind.HEATMAP).faults
    assert (fault.reason, fault.message) == (
        "budget",
        "code that takes more than 1 seconds of processor time",
    )


def test_a_process_that_waits_is_ended_and_nothing_is_said_of_its_code(broken: Worker) -> None:
    (fault,) = run(broken, HANG, JobKind.VARY).faults
    assert (fault.reason, fault.is_general) == ("busy", True)
    assert fault.message == "the machine was too busy to compute this: it did not end in 0.5 seconds"


def test_a_snippet_leaves_nothing_behind(broken: Worker) -> None:
    run(broken, "left = 1; got = 1")
    assert run(broken, "got = 'left' in globals()").steps[0].value == "False"
    checks = [broken.run(Job(JobKind.CHECK, code)) for code in ("left = 1", "got = 'left' in globals()")]
    assert checks[1].steps[0].value == "True"  # checks share a process: the library computes, not they
    assert run(broken, "got = 'left' in globals()").steps[0].value == "False"


def test_what_a_snippet_sees_of_the_world(broken: Worker) -> None:
    seen = str(run(broken, "got = sorted(os.environ)").steps[0].value)
    own = {"LC_CTYPE"}  # Python sets it itself where no locale is given (PEP 538)
    assert {*ast.literal_eval(seen)} - own == {*PASSED, *THREADS} & {*os.environ, *THREADS} - own
    assert run(broken, "print('noise'); got = os.environ.get('HOME')").steps[0].value == "None"
    assert run(broken, "import sys; got = sys.stdin.read()").steps[0].value == ""


def test_a_snippet_has_no_file_but_its_two_pipes(broken: Worker) -> None:
    code = """
def is_open(number):
    try:
        os.lseek(number, 0, os.SEEK_CUR)
    except OSError as wrong:
        return wrong.errno != errno.EBADF
    return True

got = sum(map(is_open, range(3, 256)))
"""
    assert run(broken, code).steps[0].value == "2"


def test_a_server_that_nobody_waits_for_ends(start: list[str]) -> None:
    with subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        print('{"kind": "check", "code": "got = 1"}', file=server.stdin, flush=True)
        assert "got" in server.stdout.readline()
        print(json.dumps({"kind": "check", "code": HANG}), file=server.stdin, flush=True)
        server.stdin.close()
        assert server.wait(timeout=PATIENCE) == 0  # the job would have an hour


def is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_that_is_closed_leaves_no_process(start: list[str]) -> None:
    class Noting(Worker):
        def _started(self) -> subprocess.Popen[str]:
            process = super()._started()
            groups.append(process.pid)
            return process

    groups: list[int] = []
    worker = Noting(start, seconds=0.5)
    assert not worker.run(Job(JobKind.CHECK, "got = 1")).faults
    (fault,) = worker.run(Job(JobKind.CHECK, HANG)).faults
    assert fault.reason == "busy"
    until = time.monotonic() + PATIENCE
    while is_alive(groups[0]):  # until the last of them has been reaped
        assert time.monotonic() < until


def test_modules_that_do_not_exist_are_asked_for_a_few_times_only(broken: Worker) -> None:
    code = "try: __import__(f'torch.x{os.getpid()}')\nexcept ImportError: pass"
    (fault,) = run(broken, code).faults
    assert (fault.reason, fault.message) == ("crash", "code that asks for ever more modules")


def test_a_module_that_is_lacking_is_loaded_for_the_next_fork(broken: Worker) -> None:
    code = "import verideck.rendering.heatmap as late; got = late.__name__"
    assert run(broken, code).steps[0].value == "verideck.rendering.heatmap"


def test_the_filter_compares_every_number_and_then_refuses() -> None:
    program = [struct.unpack("@HBBI", one) for one in syscalls.program(77, [5, 6])]
    (_, _, wrong_machine, _), (_, other_abi, _, _) = program[1], program[3]
    assert program[1 + 1 + wrong_machine][3] == program[3 + 1 + other_abi][3] == syscalls.FAIL
    for at, number in ((4, 5), (5, 6)):
        assert program[at][3] == number
        assert program[at + 1 + program[at][1]][3] == syscalls.ALLOW
