"""Measuring: the best setting of each contender, then rounds in which all take turns."""

import math
import statistics
from contextlib import ExitStack
from dataclasses import dataclass, field

from .contenders import Contender
from .setup import say
from .worker import Worker, WorkerFailed

# Batches of 8, 32 and 128 are tried until one is slower than the one before.
SMALLEST_BATCH, LARGEST_BATCH, STEP = 8, 128, 4


@dataclass
class Result:
    contender: Contender
    load_s: float = 0
    batch: int | None = None
    streams: int = 1
    seconds: list = field(default_factory=list)
    """Of each round."""
    norms: list = field(default_factory=list)
    failure: str = ""


def measure(workload, worker, result):
    answer = worker.ask(do="run", sentences=str(workload.sentences), batch=result.batch,
                        repeats=workload.repeats)
    result.norms = answer["norms"]
    if not all(map(math.isfinite, result.norms)):
        raise WorkerFailed("it gave norms that are no numbers")
    return statistics.median(answer["seconds"])


def configure(worker, result, streams):
    result.streams = streams
    if result.contender.streams:
        worker.ask(do="configure", streams=streams)


def try_batches(workload, worker, result):
    """(seconds, streams, batch) of batch sizes that grow until they no longer help."""
    result.batch = SMALLEST_BATCH
    measure(workload, worker, result)  # to warm up
    tried = []
    while result.batch <= LARGEST_BATCH:
        seconds = measure(workload, worker, result)
        slower = tried and seconds > tried[-1][0]
        tried.append((seconds, result.streams, result.batch))
        if slower or result.batch >= workload.count:
            break
        result.batch *= STEP
    return tried


def search(workload, worker, result, threads):
    """Sets the fastest batch size and number of streams; warms up on the way."""
    contender = result.contender
    if workload.single or not contender.searched:
        configure(worker, result, 1)
        result.batch = 1 if workload.single else contender.batch
    else:
        tried = []
        for streams in {1, threads} if contender.streams else {1}:
            configure(worker, result, streams)
            tried += try_batches(workload, worker, result)
        _, streams, result.batch = min(tried)
        configure(worker, result, streams)
    measure(workload, worker, result)


def compare(workloads, contenders, command, environment, threads, rounds, after_round):
    """Results by workload, of workloads that share a model. Calls after_round(workload) after
    each round. Who fails once is out, and the others go on."""
    results = {}
    failures = {}

    def attempt(contender, step, *arguments):
        if contender in failures:
            return None
        try:
            return step(*arguments)
        except WorkerFailed as failure:
            say(f"{contender.name} failed: {failure}")
            failures[contender] = str(failure)
            return None

    with ExitStack() as stack:
        workers = {}
        for contender in contenders:
            say(f"loading {contender.name}")
            worker = attempt(contender, Worker, command(contender, workloads[0].model), environment)
            if worker:
                workers[contender] = stack.enter_context(worker)
        for workload in workloads:
            mine = [Result(c, load_s=workers[c].load_s if c in workers else 0) for c in contenders]
            say(f"{workload.name}: searching for the best settings")
            for r in mine:
                attempt(r.contender, lambda: search(workload, workers[r.contender], r, threads))
            for number in range(rounds):
                say(f"{workload.name}: round {number + 1} of {rounds}")
                for r in mine:
                    attempt(r.contender, lambda: r.seconds.append(
                        measure(workload, workers[r.contender], r)))
                after_round(workload)
            for r in mine:
                r.failure = failures.get(r.contender, "")
            results[workload.name] = mine
    return results
