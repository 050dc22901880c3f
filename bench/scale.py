#!/usr/bin/env python3
"""Reading rates and memory at the sizes that people have.

scale.py NORMSCOPE rates      reading, hashing and sampling 100,000 of 10 million sentences, a format each
scale.py NORMSCOPE memory     peak memory of the same for 1 and for 10 million sentences
scale.py NORMSCOPE bookcorpus 74 million sentences, read, sampled and tokenized
scale.py NORMSCOPE million MODEL   a whole run of a million sentences with a small model

The sentences are the built-in corpus's, over and over with a number before each, so that all differ.
Files go into a temporary folder (--folder names one that stays). Text needs 1 GB, "bookcorpus" none:
it is piped. Needs pyarrow. One core: taskset -c 0.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import pyarrow
import pyarrow.parquet

ROWS_PER_GROUP = 100_000


def novels(program):
    """The sentences of the built-in corpus."""
    done = subprocess.run([program, "sentences"], check=True, capture_output=True)
    return done.stdout.decode().splitlines()


def numbered(sentences, count):
    """Yields lists of sentences, a pass over the novels each."""
    for number in itertools.count():
        part = sentences[:count]
        yield [f"{number} {sentence}" for sentence in part]
        count -= len(part)
        if count == 0:
            return


def write(path, passes):
    if path.suffix == ".parquet":
        schema = pyarrow.schema([("text", pyarrow.string())])
        waiting = []
        with pyarrow.parquet.ParquetWriter(path, schema) as writer:
            for texts in passes:
                waiting += texts
                while len(waiting) >= ROWS_PER_GROUP:
                    writer.write_table(pyarrow.table({"text": waiting[:ROWS_PER_GROUP]}))
                    waiting = waiting[ROWS_PER_GROUP:]
            if waiting:
                writer.write_table(pyarrow.table({"text": waiting}))
        return
    with open(path, "w") as file:
        for texts in passes:
            if path.suffix == ".jsonl":
                texts = [json.dumps({"text": text}) for text in texts]
            file.write("\n".join(texts) + "\n")


def watch_peak(process, peak):
    """Follows the high-water mark of the process's own memory, which rusage mixes with its parent's."""
    while process.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            return
        peak += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
        del peak[:-1]
        time.sleep(0.005)


def measured(command, passes=()):
    """Seconds of wall time and MiB of peak memory of a command that reads `passes` from a pipe."""
    start = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = []
    watcher = threading.Thread(target=watch_peak, args=(process, peak))
    watcher.start()
    for texts in passes:
        process.stdin.write(("\n".join(texts) + "\n").encode())
    process.stdin.close()
    watcher.join()
    if process.wait() != 0:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.monotonic() - start, peak[0]


def sample(program, path):
    return measured([program, "sentences", "--corpus", path, "--sentences", 100_000])


def rates(program, folder):
    sentences = novels(program)
    size = sum(len(text.encode()) + 1 for texts in numbered(sentences, 10_000_000) for text in texts)
    print(f"10 million sentences, {size / 1e6:.0f} MB of text")
    for suffix in ("txt", "jsonl", "parquet"):
        path = folder / f"10m.{suffix}"
        write(path, numbered(sentences, 10_000_000))
        seconds, peak = min(sample(program, path) for _ in range(3))
        print(f"{suffix}: {seconds:.1f} s, {size / 1e6 / seconds:.0f} MB/s of text, "
              f"{path.stat().st_size / 1e6 / seconds:.0f} MB/s of the file, {peak:.0f} MiB")
        path.unlink()


def memory(program, folder):
    sentences = novels(program)
    for suffix in ("txt", "jsonl", "parquet"):
        peaks = []
        for count in (1_000_000, 10_000_000):
            path = folder / f"sentences.{suffix}"
            write(path, numbered(sentences, count))
            peaks.append(sample(program, path)[1])
            path.unlink()
        print(f"{suffix}: {peaks[0]:.1f} MiB for 1 million, {peaks[1]:.1f} MiB for 10 million sentences "
              f"({100 * (peaks[1] / peaks[0] - 1):+.1f} %)")


def bookcorpus(program, _):
    # BookCorpus's sentences are short: 13 words on the average.
    sentences = [text for text in novels(program) if len(text.split()) < 25]
    count = 74_000_000
    for what in (["sentences", "--corpus", "-", "--sentences", 100_000], ["tokenize", "--max-length", 512]):
        seconds, peak = measured([program, *what], numbered(sentences, count))
        print(f"{what[0]}: {count:,} sentences in {seconds:.0f} s, {count / seconds:,.0f} a second, {peak:.0f} MiB")


def million(program, folder, model):
    path = folder / "million.txt"
    write(path, numbered(novels(program), 1_000_000))
    seconds, peak = measured([program, "run", "--model", model, "--corpus", path, "--out", folder / "run", "--quiet"])
    counts = json.loads((folder / "run" / "results.json").read_bytes())["manifest"]["counts"]
    print(f"{counts['measured']:,} sentences measured in {seconds:.0f} s, {peak:.0f} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("what", choices=["rates", "memory", "bookcorpus", "million"])
    parser.add_argument("model", nargs="*")
    parser.add_argument("--folder", type=pathlib.Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="normscope-scale-", dir=arguments.folder) as folder:
        globals()[arguments.what](arguments.program, pathlib.Path(folder), *arguments.model)


if __name__ == "__main__":
    main()
