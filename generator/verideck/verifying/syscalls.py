"""A filter of system calls (Linux seccomp): a process that computes can be left with no way to the world.

Whatever is not in the table fails with EPERM, as a thing that is not permitted does. See seccomp(2).
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ARCHITECTURES: Mapping[str, tuple[int, int]] = {  # machine: (its AUDIT_ARCH, its column below)
    "x86_64": (0xC000003E, 0),
    "aarch64": (0xC00000B7, 1),
}
NUMBERS: Mapping[str, tuple[int, int]] = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62),
    "mmap": (9, 222), "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "mremap": (25, 216),
    "madvise": (28, 233), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "restart_syscall": (219, 128), "getpid": (39, 172), "gettid": (186, 178),
    "futex": (202, 98), "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "getcpu": (309, 168),
    "clock_gettime": (228, 113), "gettimeofday": (96, 169), "getrandom": (318, 278),
    "getrusage": (98, 165), "membarrier": (324, 283), "rseq": (334, 293), "poll": (7, 73),
    "exit": (60, 93), "exit_group": (231, 94), "prlimit64": (302, 261),
}  # fmt: skip
AGAIN = ("prlimit64",)  # what a process needs besides that gives each of several jobs its time
COMPUTING = tuple(name for name in NUMBERS if name not in AGAIN)

NO_NEW_PRIVILEGES, SET_FILTER = 38, 22  # prctl(2)
FILTER = 2  # SECCOMP_MODE_FILTER
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # operations of a BPF program
ALLOW, FAIL = 0x7FFF0000, 0x00050000 | errno.EPERM
OTHER_ABI = 0x40000000  # x32 calls have numbers from here on


def allow_only(names: Iterable[str]) -> bool:
    """Leave this process with the system calls of these names, for good; gives whether the kernel did so."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in ARCHITECTURES or sys.maxsize < 2**32:
        return False
    architecture, column = ARCHITECTURES[machine]
    filters = program(architecture, [NUMBERS[name][column] for name in names])
    code = ctypes.create_string_buffer(b"".join(filters))
    pointer = ctypes.create_string_buffer(struct.pack("@HP", len(filters), ctypes.addressof(code)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    done: int = prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    return done == 0 and prctl(SET_FILTER, FILTER, ctypes.addressof(pointer), 0, 0) == 0


def program(architecture: int, numbers: list[int]) -> list[bytes]:
    """Write the filter: instructions that look at one system call and allow it or make it fail."""
    count = len(numbers)
    return [
        _instruction(LOAD, 4),  # the architecture of the call
        _instruction(EQUAL, architecture, no=count + 2),
        _instruction(LOAD, 0),  # its number
        _instruction(AT_LEAST, OTHER_ABI, yes=count),
        *(_instruction(EQUAL, number, yes=count - at) for at, number in enumerate(numbers)),
        _instruction(RETURN, FAIL),
        _instruction(RETURN, ALLOW),
    ]


def _instruction(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """Pack one instruction; `yes` and `no` are how many to jump over."""
    return struct.pack("@HBBI", code, yes, no, value)
