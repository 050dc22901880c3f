"""The loop that most people write with transformers and torch: batches in the order of the text."""

import numpy
import torch
from transformers import AutoModel, AutoTokenizer


class Program:
    def __init__(self, options):
        torch.set_num_threads(options.threads)
        self.tokenizer = AutoTokenizer.from_pretrained(options.model)
        self.model = AutoModel.from_pretrained(options.model).eval()

    @torch.inference_mode()
    def norms(self, sentences, batch_size):
        norms = []
        for i in range(0, len(sentences), batch_size):
            inputs = self.tokenizer(sentences[i:i + batch_size], padding=True, truncation=True,
                                    max_length=512, return_tensors="pt")
            states = self.model(**inputs).last_hidden_state
            norms.append(states[:, 0].norm(dim=1).numpy())
        return numpy.concatenate(norms)
