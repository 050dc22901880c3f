"""sentence-transformers' own encode(), which sorts by length and takes the mean over the tokens."""

import numpy
import torch
from sentence_transformers import SentenceTransformer


class Program:
    def __init__(self, options):
        torch.set_num_threads(options.threads)
        self.model = SentenceTransformer(options.model, device="cpu")
        self.model.max_seq_length = 512

    def norms(self, sentences, batch_size):
        vectors = self.model.encode(sentences, batch_size=batch_size, show_progress_bar=False)
        return numpy.linalg.norm(vectors, axis=1)
