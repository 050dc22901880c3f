"""A resident worker process. It is stopped (SIGSTOP) whenever it has nothing to do, so that no
thread of it that waits in a loop takes time from the one that is measured."""

import ctypes
import json
import signal
import subprocess
import tempfile

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


class WorkerFailed(Exception):
    """One line: what the worker said last."""


def die_with_parent():
    """A stopped process would never learn that nobody is left to wake it."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Worker:
    def __init__(self, command, environment):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.errors,
                                        preexec_fn=die_with_parent)
        self.load_s = self.read()["load_s"]
        self.process.send_signal(signal.SIGSTOP)

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            said = [x for x in self.errors.read().decode(errors="replace").splitlines() if x.strip()]
            raise WorkerFailed(said[-1] if said else f"ended with {self.process.returncode}")
        return json.loads(line)

    def ask(self, **request):
        self.process.send_signal(signal.SIGCONT)
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # read() tells why
        answer = self.read()
        self.process.send_signal(signal.SIGSTOP)
        return answer

    def peak_memory(self):
        """Largest resident size so far, in bytes."""
        with open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        raise WorkerFailed("its peak memory is not known")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.errors.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
