"""The tokenizers package alone."""

from pathlib import Path

from tokenizers import Tokenizer


class Program:
    def __init__(self, options):
        self.tokenizer = Tokenizer.from_file(str(Path(options.model) / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(512)

    def tokenize(self, sentences):
        return sum(len(encoding) for encoding in self.tokenizer.encode_batch_fast(sentences))
