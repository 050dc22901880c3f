"""Measuring: the best setting of each contender, then rounds in which all take turns."""

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
    batch: int = 1
    streams: int = 1
    seconds: list = field(default_factory=list)
    """Of each round."""
    norms: list = field(default_factory=list)
    failure: str = ""


def measure(workload, worker, result):
    answer = worker.ask(do="run", sentences=str(workload.sentences), batch=result.batch,
                        repeats=workload.repeats)
    result.norms = answer["norms"]
    return statistics.median(answer["seconds"])


def search(workload, worker, result, threads):
    """Sets the fastest batch size and number of streams; warms up on the way."""
    contender = result.contender
    result.batch = contender.batch or SMALLEST_BATCH
    if workload.single:
        result.batch = 1
    if contender.streams and workload.single:
        worker.ask(do="configure", streams=1)  # an earlier workload may have wanted more
    if not contender.searched or workload.single:
        measure(workload, worker, result)
        return
    best = None
    for streams in sorted({1, threads}, reverse=True) if contender.streams else [1]:
        if contender.streams:
            worker.ask(do="configure", streams=streams)
        result.streams = streams
        result.batch = SMALLEST_BATCH
        measure(workload, worker, result)
        last = None
        while result.batch <= LARGEST_BATCH:
            seconds = measure(workload, worker, result)
            if best is None or seconds < best[0]:
                best = (seconds, streams, result.batch)
            if result.batch >= workload.count or (last is not None and seconds > last):
                break
            last = seconds
            result.batch *= STEP
    _, result.streams, result.batch = best
    if contender.streams:
        worker.ask(do="configure", streams=result.streams)
        measure(workload, worker, result)


def compare(workloads, contenders, command, environment, threads, rounds, after_round):
    """Results by workload, of workloads that share a model. Calls after_round(workload) after
    each round."""
    results = {workload.name: [Result(contender) for contender in contenders]
               for workload in workloads}
    with ExitStack() as stack:
        workers = {}
        for contender in contenders:
            say(f"loading {contender.name}")
            try:
                worker = Worker(command(contender, workloads[0].model), environment)
                workers[contender] = stack.enter_context(worker)
            except WorkerFailed as failure:
                for workload in workloads:
                    mine = next(r for r in results[workload.name] if r.contender == contender)
                    mine.failure = str(failure)
        for workload in workloads:
            running = [r for r in results[workload.name] if not r.failure]

            def attempt(result, step):
                try:
                    return step()
                except WorkerFailed as failure:
                    say(f"{result.contender.name} failed: {failure}")
                    result.failure = str(failure)
                    return None

            say(f"{workload.name}: searching for the best settings")
            for r in running:
                r.load_s = workers[r.contender].load_s
                attempt(r, lambda r=r: search(workload, workers[r.contender], r, threads))
            for number in range(rounds):
                say(f"{workload.name}: round {number + 1} of {rounds}")
                for r in running:
                    if not r.failure:
                        seconds = attempt(r, lambda r=r: measure(workload, workers[r.contender], r))
                        if seconds is not None:
                            r.seconds.append(seconds)
                after_round(workload)
            for later in workloads[workloads.index(workload) + 1:]:
                for r, same in zip(results[workload.name], results[later.name]):
                    same.failure = same.failure or r.failure
    return results
