#!/usr/bin/env python3
"""What libnormscope.so exports: the public names of normscope, and nothing else.

exports_test.py LIBRARY HEADERS NM
"""

import pathlib
import re
import subprocess
import sys
import unittest

LIBRARY, HEADERS, NM = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]


class ExportsTest(unittest.TestCase):
    def setUp(self):
        lines = subprocess.run([NM, "-D", "-C", "--defined-only", LIBRARY], check=True, text=True,
                               stdout=subprocess.PIPE).stdout.splitlines()
        self.symbols = [line.split(maxsplit=2)[2] for line in lines]

    def test_nothing_but_public_names(self):
        headers = " ".join(header.read_text() for header in HEADERS.glob("*.h"))
        words = set(re.findall(r"\w+", re.sub(r"//.*", "", headers)))
        self.assertGreater(len(self.symbols), 50)
        for symbol in self.symbols:
            with self.subTest(symbol):
                match = re.match(r"(?:(?:typeinfo|typeinfo name|vtable) for )?normscope::([\w:~]+)", symbol)
                self.assertIsNotNone(match)
                names = match[1].replace("~", "").split("::")
                self.assertLessEqual(set(names), words)
                self.assertNotIn("State", names)

    def test_exceptions_can_be_caught_outside(self):
        for name in ("Error", "Interrupted"):
            self.assertIn(f"typeinfo for normscope::{name}", self.symbols)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
