"""OpenVINO, in its latency mode for one stream and with its own streams for more."""

import threading

import numpy
import openvino
from openvino import properties

from programs.sorted_batches import SortedBatches

TYPES = {"fp32": openvino.Type.f32, "bf16": openvino.Type.bf16, "int8": openvino.Type.f32}


class Program(SortedBatches):
    def load(self, streams):
        settings = {
            properties.inference_num_threads: self.options.threads,
            properties.num_streams: streams,
            properties.hint.inference_precision: TYPES[self.options.precision],
            properties.hint.enable_hyper_threading: True,
        }
        self.model = openvino.Core().compile_model(f"{self.options.converted}/model.xml", "CPU",
                                                   settings)
        self.inputs = [i.any_name for i in self.model.inputs]
        self.requests = threading.local()

    def first_vectors(self, batch):
        if not hasattr(self.requests, "own"):
            self.requests.own = self.model.create_infer_request()
        ids, mask = self.padded(batch)
        arrays = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
        inputs = {name: arrays[name] for name in self.inputs}
        return self.requests.own.infer(inputs, share_inputs=True, share_outputs=True)[0][:, 0]
