"""The sentences that everyone is measured on, out of Jane Austen's novels."""

import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import setup


@dataclass(frozen=True)
class Workload:
    name: str
    title: str
    model: Path
    sentences: Path
    """A file with a sentence a line."""
    count: int
    tokens: int
    """Of all sentences together, the special ones included."""
    repeats: int = 1
    """Times that a measurement does the work; its median counts."""

    @property
    def single(self):
        return self.count == 1


class Corpus:
    """Austen's sentences and their token lengths; samples go to files in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "austen.txt"
        self.path.write_bytes(self.print_sentences())
        self.sentences = lines(self.path)
        ids = subprocess.run([setup.NORMSCOPE, "tokenize", "--model", setup.minilm(), self.path],
                             check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        special = 2
        self.lengths = [len(line.split()) - special for line in ids.decode().splitlines()]
        assert len(self.lengths) == len(self.sentences)
        self.length_of = dict(zip(self.sentences, self.lengths))

    @staticmethod
    def print_sentences(*options):
        return subprocess.run([setup.NORMSCOPE, "sentences", "--corpus", "austen", *options],
                              check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def sample(self, count):
        """What `normscope run --sentences count --seed 0` measures."""
        path = self.folder / f"sample-{count}.txt"
        path.write_bytes(self.print_sentences("--sentences", str(count), "--seed", "0"))
        return path, sum(self.length_of[line] + 2 for line in lines(path))

    def short(self, count):
        """Different sentences of 5 to 10 tokens."""
        distinct = {}
        for sentence, length in zip(self.sentences, self.lengths):
            if 5 <= length <= 10:
                distinct.setdefault(sentence.lower(), sentence)
        chosen = random.Random(0).sample(sorted(distinct.values()), count)
        return self.write(f"short-{count}.txt", chosen)

    def long(self, count):
        """Texts of 200 to 510 tokens: sentences that follow each other, up to a length drawn
        uniformly."""
        draw = random.Random(0)
        texts = []
        while len(texts) < count:
            most = draw.randint(200, 510)
            first = end = draw.randrange(len(self.sentences))
            total = 0
            while end < len(self.sentences) and total + self.lengths[end] <= most:
                total += self.lengths[end]
                end += 1
            if total >= 200:
                text = " ".join(self.sentences[first:end])
                self.length_of[text] = total
                texts.append(text)
        return self.write(f"long-{count}.txt", texts)

    def one(self, tokens):
        """The first sentence of so many tokens."""
        return self.write(f"one-{tokens}.txt", [self.sentences[self.lengths.index(tokens)]])

    def write(self, name, sentences):
        path = self.folder / name
        path.write_bytes("".join(f"{sentence}\n" for sentence in sentences).encode())
        return path, sum(self.length_of[sentence] + 2 for sentence in sentences)


def lines(path):
    return path.read_bytes().decode().removesuffix("\n").split("\n")


NAMES = ("minilm", "bert-base", "short", "long", "single", "mpnet", "modernbert", "xlm-r")


def make(corpus, names, quick):
    """The workloads of these names, those of a model together."""
    part = 10 if quick else 1

    def of(name, what, model, sentences, count, repeats=1):
        path, tokens = sentences
        mean = tokens / count
        return Workload(name, f"{what}: {count} sentence{'s' if count > 1 else ''} "
                        f"of {mean:.0f} tokens{' on average' if count > 1 else ''}",
                        model, path, count, tokens, repeats)

    made = []
    for name in ("minilm", "short", "long", "single"):
        if name not in names:
            continue
        model = setup.minilm()
        if name == "minilm":
            count = 2000 // part
            made.append(of(name, "all-MiniLM-L6-v2", model, corpus.sample(count), count))
        elif name == "short":
            count = 2000 // part
            made.append(of(name, "Short, MiniLM", model, corpus.short(count), count))
        elif name == "long":
            count = 200 // part
            made.append(of(name, "Long, MiniLM", model, corpus.long(count), count))
        else:
            made.append(of(name, "Latency, MiniLM", model, corpus.one(18), 1, 200 // part))
    for name, what, model, count in (
            ("bert-base", "bert-base's shape", lambda: setup.random_model("bert-base"), 300),
            ("mpnet", "all-mpnet-base-v2", setup.mpnet, 100),
            ("modernbert", "ModernBERT-base's shape",
             lambda: setup.random_model("modernbert-base"), 100),
            ("xlm-r", "XLM-RoBERTa-base's shape",
             lambda: setup.random_model("xlm-roberta-base"), 100)):
        if name in names:
            count //= part
            made.append(of(name, what, model(), corpus.sample(count), count))
    return made
