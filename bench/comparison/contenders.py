"""Who is compared: programs, each in the precisions that it has."""

import os
from dataclasses import dataclass
from pathlib import Path

from . import setup


@dataclass(frozen=True)
class Contender:
    program: str
    precision: str
    module: str = ""
    """Of peers/programs; normscope has none."""
    venv: str = "venv-bench"
    convert: str = ""
    """Kind of peers/convert.py that it loads."""
    batch: int | None = None
    """Its only batch size; the best one is searched for where there is none."""
    streams: bool = False
    """Whether it can work on several batches at a time."""
    own_norms: bool = True
    """Whether it gives the norms of [CLS]."""
    switch: str = ""
    """What holds it to AVX2, where something does."""
    remark: str = ""
    model_types: tuple = ()
    """What it runs, by the names of config.json; everything where it names none."""

    def runs(self, model):
        return not self.model_types or setup.model_type(model) in self.model_types

    @property
    def name(self):
        return f"{self.program} {self.precision}"

    @property
    def searched(self):
        return self.program != "normscope" and self.batch is None

    def command(self, model, threads, isa, calibration):
        options = ["--model", model, "--threads", threads, "--precision", self.precision]
        if self.program == "normscope":
            command = [setup.WORKER, *options, *(["--isa", isa] if isa else [])]
        else:
            command = [setup.python(self.venv), setup.BENCH / "peers" / "serve.py", self.module,
                       *options]
            if self.convert:
                command += ["--converted", setup.converted(self.convert, model, calibration)]
        return [str(part) for part in command]


def onednn(program, precision, **more):
    return Contender(program, precision, switch="ONEDNN_MAX_CPU_ISA=AVX2", **more)


BERT = {"model_types": ("bert",)}
ALL = (
    Contender("normscope", "fp32", switch="--isa avx2"),
    Contender("normscope", "bf16"),
    onednn("torch", "fp32", module="torch_sorted", streams=True),
    onednn("torch", "bf16", module="torch_sorted", streams=True),
    onednn("torch-plain", "fp32", module="torch_plain", batch=8,
           remark="transformers' usual loop, batches of 8 in the order of the text"),
    Contender("onnxruntime", "fp32", module="onnxruntime_fused", convert="onnx", streams=True),
    Contender("onnxruntime", "int8", module="onnxruntime_fused", convert="onnx-int8", streams=True,
              remark="quantized dynamically, a scale a channel", **BERT),
    onednn("openvino", "fp32", module="openvino_ir", convert="openvino", streams=True),
    onednn("openvino", "bf16", module="openvino_ir", convert="openvino", streams=True),
    onednn("openvino", "int8", module="openvino_ir", convert="openvino-int8", streams=True,
           remark="quantized by NNCF, calibrated on 300 sentences", **BERT),
    Contender("ctranslate2", "fp32", module="ctranslate2_encoder", convert="ctranslate2",
              streams=True, switch="CT2_FORCE_CPU_ISA=AVX2", **BERT),
    Contender("ctranslate2", "int8", module="ctranslate2_encoder", convert="ctranslate2",
              streams=True, switch="CT2_FORCE_CPU_ISA=AVX2", **BERT),
    Contender("ctranslate2", "int8_float32", module="ctranslate2_encoder", convert="ctranslate2",
              streams=True, switch="CT2_FORCE_CPU_ISA=AVX2", **BERT),
    onednn("sentence-transformers", "fp32", module="sentence_transformers_encode", own_norms=False,
           remark="its encode(), which takes the mean over tokens: its norms are others"),
    Contender("tensorflow", "fp32", module="tensorflow_notebook", venv="venv-bench-tf", batch=8,
              remark="the notebook's loop, TFBertModel on padded batches of 8", **BERT),
)
PROGRAMS = tuple(dict.fromkeys(contender.program for contender in ALL))


def cpu_flags():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("flags"):
            return set(line.split(":")[1].split())
    return set()


def chosen(names, isa):
    """The contenders that `names` (of programs, or PROGRAM:PRECISION) mean. bfloat16 takes part
    only where the processor computes with it."""
    bf16 = isa != "avx2" and "avx512_bf16" in cpu_flags()
    return [c for c in ALL
            if (c.program in names or f"{c.program}:{c.precision}" in names)
            and (bf16 or c.precision != "bf16")]


def environment(threads, isa):
    """Of all workers: as many threads everywhere, and AVX2 for those that can be held to it."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    env |= {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads),
            "RAYON_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "true",
            "HF_HUB_OFFLINE": "1", "TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "2",
            "PYTHONDONTWRITEBYTECODE": "1"}
    if isa == "avx2":
        env |= {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2",
                "MKL_ENABLE_INSTRUCTIONS": "AVX2", "CT2_FORCE_CPU_ISA": "AVX2"}
    return env
