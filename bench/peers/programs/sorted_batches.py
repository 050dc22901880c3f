"""Text to norms for programs that take batches of token ids."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
from tokenizers import Tokenizer


class SortedBatches:
    """Tokenizes all sentences at once, sorts them by token length, so that a batch holds little
    padding, and brings the norms back into the order of the sentences.

    A subclass says how to `load(streams)` its model, so that `streams` threads may each run a batch
    on their share of the processor threads at the same time, and how to turn a batch of id lists
    into its [CLS] vectors in `first_vectors(batch)`."""

    def __init__(self, options):
        self.options = options
        config = json.loads((Path(options.model) / "config.json").read_bytes())
        self.padding = config["pad_token_id"]
        self.tokenizer = Tokenizer.from_file(str(Path(options.model) / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(512)
        self.configure(1)

    def configure(self, streams):
        self.model = None
        self.load(streams)
        self.pool = ThreadPoolExecutor(streams, initializer=self.start_stream)
        self.streams = streams

    def start_stream(self):
        """Called in each thread that will run batches."""

    def norms(self, sentences, batch_size):
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch_fast(sentences)]
        # The longest first: what ends last is short.
        order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
        batches = [order[i:i + batch_size] for i in range(0, len(order), batch_size)]
        norms = numpy.empty(len(ids))

        def run(batch):
            vectors = self.first_vectors([ids[i] for i in batch])
            norms[batch] = numpy.linalg.norm(vectors.astype(numpy.float64), axis=1)

        if self.streams == 1:
            for batch in batches:
                run(batch)
        else:
            list(self.pool.map(run, batches))
        return norms

    def padded(self, batch):
        """ids and attention mask [sentences, longest] of a batch of id lists."""
        longest = max(map(len, batch))
        # The model's own id: some count positions by the ids that are not padding.
        ids = numpy.full((len(batch), longest), self.padding, dtype=numpy.int64)
        mask = numpy.zeros_like(ids)
        for row, sentence in enumerate(batch):
            ids[row, :len(sentence)] = sentence
            mask[row, :len(sentence)] = 1
        return ids, mask
