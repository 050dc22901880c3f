"""Turns a Hugging Face folder into what a peer loads.

    convert.py KIND MODEL_FOLDER SENTENCES OUT

KIND is onnx (exported by torch, fused by ONNX Runtime's transformer optimizer), onnx-int8 (the same,
quantized dynamically), openvino, openvino-int8 (calibrated by NNCF on the file SENTENCES) or
ctranslate2. The 8-bit kinds and ctranslate2 are for BERT models.
"""

import inspect
import sys
from pathlib import Path

# The model types whose attention the transformer optimizer knows; it fuses all of it. Of the others,
# MPNet (biases by relative position) and ModernBERT (rotary positions), it fuses each LayerNorm with
# the residual before it and each GELU, and leaves attention in its parts.
FUSED_ATTENTION = ("bert", "xlm-roberta")


def encoder(folder, dtype, attention=None):
    """The model in torch, without a pooler. Its attention is scaled-dot-product attention, where
    transformers has it for the model (not for MPNet), unless another is asked for."""
    from transformers import AutoModel

    model = AutoModel.from_pretrained(folder, attn_implementation=attention, dtype=dtype)
    model.pooler = None
    return model.eval()


def torch_model(folder, attention=None):
    """The model as a function of arrays, their names, and examples of them with padding."""
    import torch

    class LastHiddenState(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = encoder(folder, torch.float32, attention)
            takes = inspect.signature(self.encoder.forward).parameters
            self.inputs = [name for name in ("input_ids", "attention_mask", "token_type_ids")
                           if name in takes]

        def forward(self, *arrays):
            return self.encoder(**dict(zip(self.inputs, arrays))).last_hidden_state

    model = LastHiddenState().eval()
    ids = torch.randint(1000, 2000, (2, 16))
    mask = torch.ones_like(ids)
    ids[1, 10:] = model.encoder.config.pad_token_id
    mask[1, 10:] = 0
    return model, (ids, mask, torch.zeros_like(ids))[:len(model.inputs)]


def to_onnx(folder, out, _sentences):
    import torch
    from onnxruntime.transformers import optimizer

    model, example = torch_model(folder, "eager")
    dynamic = {name: {0: "batch", 1: "tokens"} for name in (*model.inputs, "last_hidden_state")}
    plain = out / "plain.onnx"
    # The optimizer knows the graphs of this exporter, not those of the newer one.
    torch.onnx.export(model, example, plain, input_names=model.inputs,
                      output_names=["last_hidden_state"], dynamic_axes=dynamic, dynamo=False,
                      opset_version=17)
    config = model.encoder.config
    fused = optimizer.optimize_model(str(plain), model_type="bert", opt_level=0,
                                     num_heads=config.num_attention_heads,
                                     hidden_size=config.hidden_size)
    counts = fused.get_fused_operator_statistics()
    if (config.model_type in FUSED_ATTENTION and
            counts["Attention"] != config.num_hidden_layers):
        raise SystemExit(f"the optimizer did not fuse this graph: {counts}")
    fused.save_model_to_file(str(out / "model.onnx"))
    plain.unlink()


def to_onnx_int8(folder, out, sentences):
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    to_onnx(folder, out, sentences)
    plain = out / "model.onnx"
    # The types of what comes out of fused operators have to be told.
    quantize_dynamic(plain, out / "int8.onnx", weight_type=QuantType.QInt8, per_channel=True,
                     extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})
    (out / "int8.onnx").rename(plain)


def openvino_model(folder):
    import openvino
    from transformers.masking_utils import AttentionMaskInterface, eager_mask

    # In ModernBERT's local layers, padding may see nothing but padding. OpenVINO's attention makes
    # NaN of a boolean mask that hides everything; eager attention's mask adds a finite number.
    AttentionMaskInterface.register("sdpa", eager_mask)
    model, example = torch_model(folder)
    converted = openvino.convert_model(model, example_input=example)
    for tensor, name in zip(converted.inputs, model.inputs):
        tensor.tensor.set_names({name})
        tensor.node.set_partial_shape(openvino.PartialShape([-1, -1]))
    converted.validate_nodes_and_infer_types()
    return converted


def to_openvino(folder, out, _sentences):
    import openvino

    openvino.save_model(openvino_model(folder), out / "model.xml", compress_to_fp16=False)


def to_openvino_int8(folder, out, sentences):
    import nncf
    import numpy
    import openvino
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    lines = Path(sentences).read_bytes().decode().removesuffix("\n").split("\n")
    samples = [numpy.array([encoding.ids]) for encoding in tokenizer.encode_batch(lines)]
    inputs = [{"input_ids": ids, "attention_mask": numpy.ones_like(ids),
               "token_type_ids": numpy.zeros_like(ids)} for ids in samples]
    quantized = nncf.quantize(openvino_model(folder), nncf.Dataset(inputs),
                              subset_size=len(inputs), model_type=nncf.ModelType.TRANSFORMER)
    openvino.save_model(quantized, out / "model.xml", compress_to_fp16=False)


def to_ctranslate2(folder, out, _sentences):
    from ctranslate2.converters import TransformersConverter

    TransformersConverter(folder).convert(str(out), force=True)


KINDS = {"onnx": to_onnx, "onnx-int8": to_onnx_int8, "openvino": to_openvino,
         "openvino-int8": to_openvino_int8, "ctranslate2": to_ctranslate2}

if __name__ == "__main__":
    kind, model_folder, calibration, target = sys.argv[1:]
    Path(target).mkdir(parents=True)
    KINDS[kind](model_folder, Path(target), calibration)
