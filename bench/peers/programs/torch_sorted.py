"""transformers' model in torch, sorted by length."""

import torch
from convert import encoder
from programs.sorted_batches import SortedBatches

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


class Program(SortedBatches):
    def load(self, streams):
        self.threads = max(1, self.options.threads // streams)
        self.start_stream()
        self.model = encoder(self.options.model, DTYPES[self.options.precision])

    def start_stream(self):
        # torch keeps this number for each thread that calls it.
        torch.set_num_threads(self.threads)

    @torch.inference_mode()
    def first_vectors(self, batch):
        ids, mask = map(torch.from_numpy, self.padded(batch))
        # A batch without padding needs no mask, and attention is faster without.
        states = self.model(ids, attention_mask=None if mask.all() else mask).last_hidden_state
        return states[:, 0].float().numpy()
