#!/usr/bin/env python3
"""libnormscope.so and its Arrow in one process with another Arrow, that of pyarrow: the same one, which
the loader then shares, and another one. Each case is a process of its own.

arrow_test.py SHIM [PYARROW] (arrow_shim.cc, built; and a folder with a pyarrow of another version,
as `pip install --target PYARROW` makes it; without it, a copy of pyarrow under other names stands
in for one)
"""

import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SHIM = sys.argv[1]
PYARROW = sys.argv[2] if len(sys.argv) > 2 else None

USE_OURS = """
import ctypes, sys
shim = ctypes.CDLL(sys.argv[1])
shim.round_trip.restype = shim.read_error.restype = ctypes.c_char_p
def ours():
    assert shim.round_trip(b"ours.parquet") == b"", shim.round_trip(b"ours.parquet")
    assert shim.read_error(b"theirs.txt")
ours()
"""
USE_THEIRS = """
import threading
import pyarrow, pyarrow.parquet, pyarrow.compute
def theirs():
    table = pyarrow.table({"text": ["a", "b"] * 5000, "number": range(10000)})
    pyarrow.parquet.write_table(table, "theirs.parquet", row_group_size=1000)
    assert pyarrow.parquet.read_table("theirs.parquet").equals(table)
    assert pyarrow.compute.sum(table["number"]).as_py() == 49995000
theirs()
"""
USE_BOTH = """
for _ in range(3):
    ours(); theirs()
table = pyarrow.parquet.read_table("ours.parquet")
assert table["text"].to_pylist() == ["a b c"] and table["norm"].to_pylist() == [1.5]
thread = threading.Thread(target=theirs)
thread.start()
for _ in range(20): ours()
thread.join()
arrows = {line.split()[-1] for line in open("/proc/self/maps") if "/libarrow.so." in line}
print(len(arrows))
"""


class ArrowTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="normscope-arrow-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "theirs.txt").write_text("no table")

    def arrows(self, *parts, packages=None):
        """Runs the parts; how many files of Arrow the process had at its end."""
        program = "".join(parts)
        if packages:
            program = f"import sys; sys.path.insert(0, {str(packages)!r})\n" + program
        done = subprocess.run([sys.executable, "-c", program, SHIM], cwd=self.folder, timeout=120,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return int(done.stdout)

    def other_pyarrow(self):
        """A folder with a pyarrow whose libraries no loader takes for ours."""
        if PYARROW:
            return PYARROW
        package = pathlib.Path(importlib.util.find_spec("pyarrow").origin).parent
        copy = self.folder / "packages" / "pyarrow"
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns("tests", "include", "src"))
        version = re.search(r"\.so\.(\d+)$", next(copy.glob("libarrow.so.*")).name)[1]
        other = "9" * len(version)
        for path in [*copy.glob("*.so"), *copy.glob("*.so.*")]:
            path.write_bytes(re.sub(rb"(lib(?:arrow|parquet)\w*\.so\.)" + version.encode(),
                                    rb"\g<1>" + other.encode(), path.read_bytes()))
            path.rename(path.with_name(path.name.replace(version, other)))
        return copy.parent

    def test_same_arrow(self):
        for order in ((USE_OURS, USE_THEIRS), (USE_THEIRS, USE_OURS)):
            self.assertIn(self.arrows(*order, USE_BOTH), (1, 2))

    def test_another_arrow(self):
        packages = self.other_pyarrow()
        for order in ((USE_OURS, USE_THEIRS), (USE_THEIRS, USE_OURS)):
            self.assertEqual(self.arrows(*order, USE_BOTH, packages=packages), 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
