"""A worker that believes that the machine was started anew: `python -m tests.audit.booted FILE`
puts FILE in the place of the number of this start, for itself alone."""

import os
import sys


def main() -> None:
    script = 'mount --bind "$1" /proc/sys/kernel/random/boot_id && shift && exec "$@"'
    worker = [sys.executable, "-m", "haina.app.worker"]
    command = ["unshare", "--mount", "sh", "-c", script, "sh", sys.argv[1], *worker]
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
