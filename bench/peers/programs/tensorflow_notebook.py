"""The notebook's loop: TFBertModel on padded batches in the order of the text."""

import numpy
import tensorflow
from transformers import AutoTokenizer, TFBertModel


class Program:
    def __init__(self, options):
        tensorflow.config.threading.set_intra_op_parallelism_threads(options.threads)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)
        self.tokenizer = AutoTokenizer.from_pretrained(options.model)
        self.model = TFBertModel.from_pretrained(options.model)

    def norms(self, sentences, batch_size):
        norms = []
        for i in range(0, len(sentences), batch_size):
            inputs = self.tokenizer(sentences[i:i + batch_size], padding=True, truncation=True,
                                    max_length=512, return_tensors="tf")
            states = self.model(**inputs).last_hidden_state
            norms.append(tensorflow.norm(states[:, 0], axis=1).numpy())
        return numpy.concatenate(norms)
