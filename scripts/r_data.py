"""Reads the character vectors of an R package's data folder, without R.

The folder holds a lazy-load database: `Rdata.rdx` is a gzip-compressed index of (offset, length) by
name, `Rdata.rdb` the objects. Both use R's binary serialization ("R Internals", section 1.8).
"""

import bz2
import gzip
import lzma
import struct
import zlib
from pathlib import Path

SYMBOL, PAIRLIST, CHARACTER, LOGICAL, INTEGER, STRINGS, LIST = 1, 2, 9, 10, 13, 16, 19
NIL, REFERENCE = 254, 255
HAS_ATTRIBUTES = 0x200
HAS_TAG = 0x400


class _Reader:
    """R's serialization, version 2 or 3, big-endian ("X"): what data sets of text are made of."""

    def __init__(self, data):
        if data[:2] != b"X\n":
            raise ValueError("not an R serialization in XDR format")
        self.data, self.at, self.symbols = data, 2, []
        version, _, _ = self.integer(), self.integer(), self.integer()
        if version == 3:
            self.bytes(self.integer())  # the native encoding's name
        elif version != 2:
            raise ValueError(f"R serialization version {version} is not known")

    def bytes(self, count):
        if count < 0 or self.at + count > len(self.data):
            raise ValueError("R serialization is cut short")
        self.at += count
        return self.data[self.at - count : self.at]

    def integer(self):
        return struct.unpack(">i", self.bytes(4))[0]

    def item(self):
        """The value, and the names of its elements (None without any)."""
        flags = self.integer()
        kind = flags & 0xFF
        if kind == NIL:
            return None, None
        if kind == REFERENCE:
            return self.symbols[(flags >> 8) - 1], None
        if kind == SYMBOL:
            self.symbols.append(self.item()[0])
            return self.symbols[-1], None
        if kind == CHARACTER:
            length = self.integer()
            return (None if length == -1 else self.bytes(length).decode("utf-8")), None
        if kind == PAIRLIST:
            return self.pairs(flags), None
        length = self.integer()
        if kind in (LOGICAL, INTEGER):
            value = list(struct.unpack(f">{length}i", self.bytes(4 * length)))
        elif kind in (STRINGS, LIST):
            value = [self.item()[0] for _ in range(length)]
            if kind == LIST and flags & HAS_ATTRIBUTES:
                names = self.item()[0].get("names")
                return (dict(zip(names, value)) if names else value), names
        else:
            raise ValueError(f"R type {kind} is not known")
        names = self.item()[0].get("names") if flags & HAS_ATTRIBUTES else None
        return value, names

    def pairs(self, flags):
        values = {}
        while flags & 0xFF == PAIRLIST:
            if flags & HAS_ATTRIBUTES:
                self.item()
            tag = self.item()[0] if flags & HAS_TAG else None
            values[tag] = self.item()[0]
            flags = self.integer()
        if flags & 0xFF != NIL:
            raise ValueError("R pairlist does not end in NULL")
        return values


def _decompress(record):
    """An object of the .rdb file: its length (big-endian), then zlib, or a type byte and another."""
    size, kind, body = struct.unpack(">I", record[:4])[0], record[4:5], record[5:]
    if kind == b"2":
        data = bz2.decompress(body)
    elif kind == b"Z":
        data = lzma.decompress(body, lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2}])
    else:
        data = zlib.decompress(record[4:])
    if len(data) != size:
        raise ValueError("an R object has the wrong length")
    return data


def read(folder):
    """The data sets in `folder` by name, each a list of strings."""
    index, _ = _Reader(gzip.decompress((Path(folder) / "Rdata.rdx").read_bytes())).item()
    database = (Path(folder) / "Rdata.rdb").read_bytes()
    return {
        name: _Reader(_decompress(database[offset : offset + length])).item()[0]
        for name, (offset, length) in index["variables"].items()
    }
