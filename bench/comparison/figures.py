"""The figures beside the tables: distance to the processor's peak, start, memory, tokenizer, threads."""

import json
import statistics
import subprocess
import time

from . import setup
from .setup import say
from .worker import Worker, WorkerFailed

NAMES = ("peak", "threads", "tokenizer", "start", "memory")
# The workloads whose share of the peak is told, one a model.
OF_PEAK = ("minilm", "bert-base", "mpnet", "modernbert", "xlm-r")


def peak_gflops(threads, isa, precision):
    """What the multiply-add instructions of this processor reach, in GFLOP/s."""
    command = [setup.PEAK, "--threads", str(threads), "--precision", precision]
    done = subprocess.run(command + (["--isa", isa] if isa else []), check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)["gflops"]


def of_peak(workload, results, peaks, command, environment):
    """GFLOP/s that normscope executes from text to norms, and their share of the peak."""
    rows = []
    for result in results:
        contender = result.contender
        if contender.program != "normscope" or not result.seconds:
            continue
        with Worker(command(contender, workload.model), environment) as worker:
            work = worker.ask(do="work", sentences=str(workload.sentences))
        gflops = work["operations"] / statistics.median(result.seconds) / 1e9
        peak = max(peaks[contender.precision])
        rows.append({"workload": workload.name, "precision": contender.precision,
                     "distinct": work["distinct"], "tokens": work["tokens"], "gflops": gflops,
                     "peak_gflops": peak, "share": gflops / peak})
    return rows


def one_thread(workload, contender, commands, environments, rounds):
    """Speed-up of all threads over one; commands and environments of one and of all."""
    say(f"{workload.name}: one thread against all")
    with Worker(commands[0], environments[0]) as one, Worker(commands[1], environments[1]) as all_:
        seconds = ([], [])
        for number in range(rounds + 1):
            for worker, list_ in zip((one, all_), seconds):
                answer = worker.ask(do="run", sentences=str(workload.sentences), repeats=1)
                if number > 0:
                    list_.append(answer["seconds"][0])
    one_s, all_s = map(statistics.median, seconds)
    return {"workload": workload.name, "precision": contender.precision, "one_s": one_s,
            "all_s": all_s, "speedup": one_s / all_s}


def tokenizer(corpus, normscope, environment, rounds):
    """Whole corpus, one thread, against the PyPI package tokenizers."""
    say("tokenizer: one thread against the package tokenizers")
    environment = {**environment, "TOKENIZERS_PARALLELISM": "false", "RAYON_NUM_THREADS": "1"}
    peer = [str(part) for part in (
        setup.python("venv-bench"), setup.BENCH / "peers" / "serve.py", "tokenizers_batch",
        "--model", setup.minilm(), "--threads", 1)]
    with Worker(normscope, environment) as ours, Worker(peer, environment) as theirs:
        seconds = ([], [])
        ids = []
        for number in range(rounds + 1):
            for worker, list_ in zip((ours, theirs), seconds):
                answer = worker.ask(do="tokenize", sentences=str(corpus.path), repeats=1)
                ids.append(answer["ids"])
                if number > 0:
                    list_.append(answer["seconds"][0])
    if len(set(ids)) != 1:
        raise setup.Failed(f"the tokenizers disagree: {sorted(set(ids))} ids")
    ours_s, theirs_s = map(statistics.median, seconds)
    return {"sentences": len(corpus.sentences), "ids": ids[0], "normscope_s": ours_s,
            "tokenizers_s": theirs_s, "ratio": theirs_s / ours_s}


def start(workload, contenders, command, environment, repeats=3):
    """From the start of a process to its first norm, the files being in the page cache."""
    rows = []
    for contender in contenders:
        say(f"start: {contender.name}")
        arguments = command(contender, workload.model)
        seconds = []
        try:
            for number in range(repeats + 1):
                begin = time.perf_counter()
                with Worker(arguments, environment) as worker:
                    worker.ask(do="run", sentences=str(workload.sentences), batch=1, repeats=1)
                    if number > 0:
                        seconds.append(time.perf_counter() - begin)
        except WorkerFailed as failure:
            say(f"{contender.name} failed: {failure}")
            continue
        rows.append({"program": contender.program, "precision": contender.precision,
                     "min_s": min(seconds), "median_s": statistics.median(seconds)})
    return rows


def memory(workload, results, command, environment, long_sample):
    """Largest resident size of a fresh process after it has done the workload at its best setting;
    normscope's also after `long_sample`, (path, number) of more sentences."""
    rows = []
    for result in results:
        contender = result.contender
        if result.failure:
            continue
        say(f"memory: {contender.name}")
        samples = [(workload.sentences, workload.count)]
        if contender.program == "normscope":
            samples.append(long_sample)
        for sentences, count in samples:
            with Worker(command(contender, workload.model), environment) as worker:
                if contender.streams:
                    worker.ask(do="configure", streams=result.streams)
                worker.ask(do="run", sentences=str(sentences), batch=result.batch, repeats=1)
                rows.append({"program": contender.program, "precision": contender.precision,
                             "sentences": count, "peak_bytes": worker.peak_memory()})
    return rows
