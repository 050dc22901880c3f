"""ONNX Runtime on a graph that its transformer optimizer has fused."""

import numpy
import onnxruntime

from programs.sorted_batches import SortedBatches


class Program(SortedBatches):
    def load(self, streams):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, self.options.threads // streams)
        options.inter_op_num_threads = 1
        self.model = onnxruntime.InferenceSession(f"{self.options.converted}/model.onnx", options,
                                                  providers=["CPUExecutionProvider"])
        self.types = {i.name: numpy.int32 if "int32" in i.type else numpy.int64
                      for i in self.model.get_inputs()}

    def first_vectors(self, batch):
        ids, mask = self.padded(batch)
        arrays = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        inputs = {name: arrays[name].astype(of, copy=False) for name, of in self.types.items()}
        return self.model.run(["last_hidden_state"], inputs)[0][:, 0]
