"""CTranslate2, which removes the padding itself; streams are its workers."""

import ctranslate2
import numpy

from programs.sorted_batches import SortedBatches

COMPUTE_TYPES = {"fp32": "float32", "bf16": "bfloat16", "int8": "int8", "int8_float32": "int8_float32",
                 "int8_bfloat16": "int8_bfloat16"}


class Program(SortedBatches):
    def load(self, streams):
        self.model = ctranslate2.Encoder(
            self.options.converted, device="cpu", inter_threads=streams,
            intra_threads=max(1, self.options.threads // streams),
            compute_type=COMPUTE_TYPES[self.options.precision])

    def first_vectors(self, batch):
        states = self.model.forward_batch(batch).last_hidden_state
        return numpy.asarray(states.to(ctranslate2.DataType.float32))[:, 0]
