"""A filter of system calls: what no computation needs is refused by the kernel.

No sockets, no new programs or processes, no looking into others, and, where nothing may spill, no
file opened for writing. Written as a classic BPF program; no library is needed.
"""

import ctypes
import platform
import struct

_SECCOMP_SET_MODE_FILTER = 1
_FLAG_TSYNC = 1  # also the threads that libraries started before
_LOAD, _EQUAL, _GREATER, _SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38
_CLONE_THREAD = 0x00010000
_WRITING = 0o3 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_INSTRUCTION = struct.Struct("=HBBI")
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_X32 = 0x40000000

# socket connect bind listen accept accept4 socketpair execve execveat ptrace mount umount2 chroot
# pivot_root unshare setns process_vm_readv process_vm_writev bpf perf_event_open keyctl add_key
# request_key open_by_handle_at io_uring_setup io_uring_enter userfaultfd memfd_create kill tkill
# pidfd_open pidfd_getfd pidfd_send_signal init_module finit_module
_AMD64 = (
    *(41, 42, 49, 50, 43, 288, 53, 59, 322, 101, 165, 166, 161, 155, 272, 308, 310, 311, 321),
    *(298, 250, 248, 249, 304, 425, 426, 323, 319, 62, 200, 434, 438, 424, 175, 313, 57, 58),
)
_GENERIC = (
    *(198, 203, 200, 201, 202, 242, 199, 221, 281, 117, 40, 39, 51, 41, 97, 268, 270, 271, 280),
    *(241, 219, 217, 218, 265, 425, 426, 282, 279, 129, 130, 434, 438, 424, 105, 273),
)
# unlink rename rmdir mkdir link symlink chmod truncate mknod and their relatives; creat
_AMD64_WRITES = (87, 263, 82, 264, 316, 84, 83, 258, 86, 265, 88, 266, 90, 268, 76, 133, 259, 85)
_GENERIC_WRITES = (35, 38, 276, 34, 37, 36, 53, 45, 33)

# machine: (audit architecture, forbidden, writes, openat, clone)
_MACHINES = {
    "x86_64": (0xC000003E, _AMD64, _AMD64_WRITES, 257, 56),
    "aarch64": (0xC00000B7, _GENERIC, _GENERIC_WRITES, 56, 220),
    "loongarch64": (0xC0000102, _GENERIC, _GENERIC_WRITES, 56, 220),
}
_SECCOMP = {"x86_64": 317, "aarch64": 277, "loongarch64": 277}
_OPEN_AMD64, _OPENAT2, _CLONE3 = 2, 437, 435


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def install(*, writes: bool) -> bool:
    """Put the filter on all threads of this process. False where the kernel or machine has none.

    Needs no_new_privs. `writes`: files may be opened for writing (in the folder of Landlock).
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        return False
    code = program(machine, writes=writes)
    holder = _Program(len(code) // _INSTRUCTION.size, code)
    libc = ctypes.CDLL(None, use_errno=True)
    call = _SECCOMP[machine]
    done = libc.syscall(call, _SECCOMP_SET_MODE_FILTER, _FLAG_TSYNC, ctypes.byref(holder))
    return bool(done == 0)


def program(machine: str, *, writes: bool) -> bytes:
    """The filter for a machine, as BPF instructions."""
    architecture, forbidden, writing, openat, clone = _MACHINES[machine]
    code = [_op(_LOAD, _ARCHITECTURE), _op(_EQUAL, architecture, 1, 0), _op(_RETURN, _KILL)]
    code.append(_op(_LOAD, _NUMBER))
    if machine == "x86_64":
        code += [_op(_GREATER, _X32, 0, 1), _op(_RETURN, _ERRNO | _EPERM)]
    denied = forbidden if writes else forbidden + writing
    for number in denied:
        code += [_op(_EQUAL, number, 0, 1), _op(_RETURN, _ERRNO | _EPERM)]
    # Their arguments are in memory, where a filter cannot look; callers fall back to the old call.
    for number in (_CLONE3, _OPENAT2):
        code += [_op(_EQUAL, number, 0, 1), _op(_RETURN, _ERRNO | _ENOSYS)]
    code += _only_threads(clone)
    if not writes:
        code += _only_reading(openat, 2)
        if machine == "x86_64":
            code += _only_reading(_OPEN_AMD64, 1)
    code.append(_op(_RETURN, _ALLOW))
    return b"".join(code)


def _only_threads(clone: int) -> list[bytes]:
    return [
        _op(_EQUAL, clone, 0, 4),
        _op(_LOAD, _ARGUMENTS),
        _op(_SET, _CLONE_THREAD, 1, 0),
        _op(_RETURN, _ERRNO | _EPERM),
        _op(_RETURN, _ALLOW),
    ]


def _only_reading(call: int, argument: int) -> list[bytes]:
    return [
        _op(_EQUAL, call, 0, 4),
        _op(_LOAD, _ARGUMENTS + 8 * argument),
        _op(_SET, _WRITING, 0, 1),
        _op(_RETURN, _ERRNO | _EPERM),
        _op(_RETURN, _ALLOW),
    ]


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return _INSTRUCTION.pack(code, if_true, if_false, value)
