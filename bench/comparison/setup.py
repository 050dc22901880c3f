"""What a comparison needs: the build, the peers' virtual environments, the models, their conversions.
Made where it is missing, below normscope's cache; made anew where the recipe has changed."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
BENCH = SOURCE / "bench"
BUILD = SOURCE / "build" / "bench"
CACHE = Path(os.environ.get("NORMSCOPE_CACHE") or
             Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "normscope")
NORMSCOPE = BUILD / "bin" / "normscope"
WORKER = BUILD / "bin" / "normscope_worker"
PEAK = BUILD / "bin" / "peak"
# Virtual environment -> its requirements.
VENVS = {"venv-bench": "requirements-peers.txt", "venv-bench-tf": "requirements-tensorflow.txt"}


class Failed(Exception):
    """One line for the user."""


def say(line):
    print(line, file=sys.stderr, flush=True)


def run(command, **options):
    """Runs a step of the setup; its output is shown only where it fails."""
    done = subprocess.run([str(part) for part in command], text=True, errors="replace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        say("\n".join(done.stdout.splitlines()[-20:]))
        raise Failed(f"{Path(str(command[0])).name} failed (its last lines are above)")


def build():
    say("building normscope and its worker")
    run([SOURCE / "scripts" / "build", "bench"])


def python(venv):
    """The interpreter of a virtual environment that holds what bench/requirements-*.txt pins."""
    requirements = BENCH / VENVS[venv]
    folder = CACHE / venv
    stamp = folder / "requirements.txt"
    interpreter = folder / "bin" / "python"
    if not stamp.is_file() or stamp.read_bytes() != requirements.read_bytes():
        say(f"installing {requirements.name} into {folder} (gigabytes, minutes)")
        if not interpreter.exists():
            run([sys.executable, "-m", "venv", folder])
        run([interpreter, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r",
             requirements])
        shutil.copy(requirements, stamp)
    return interpreter


def derived(name, recipe, arguments, environment=None):
    """The folder that the Python program `recipe` writes when it is called with `arguments`, the
    last of which is that folder. Kept in the cache under the recipe's hash."""
    text = (BENCH / "peers" / recipe).read_bytes() + (BENCH / VENVS["venv-bench"]).read_bytes()
    folder = CACHE / "bench" / f"{name}-{hashlib.sha256(text).hexdigest()[:8]}"
    if not folder.is_dir():
        say(f"making {folder}")
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        try:
            run([python("venv-bench"), BENCH / "peers" / recipe, *arguments, fresh],
                env=environment)
            fresh.rename(folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


def fetched(name, *options):
    folder = CACHE / "models" / name
    if not folder.is_dir():
        run([SOURCE / "scripts" / "fetch-data", *options])
    return folder


def minilm():
    return fetched("all-MiniLM-L6-v2")


def mpnet():
    return fetched("all-mpnet-base-v2", "--tests")


def random_model(shape):
    """A model of a shape of peers/random_models.py, with MiniLM's tokenizer."""
    return derived(f"{shape}-shape", "random_models.py", [shape, minilm()])


def model_type(model):
    """What config.json calls the architecture."""
    return json.loads((model / "config.json").read_bytes())["model_type"]


def converted(kind, model, calibration):
    """What `kind` of peers/convert.py makes of a model folder; OpenVINO's int8 is calibrated on
    `calibration`, a file with a sentence a line."""
    return derived(f"{model.name}-{kind}", "convert.py", [kind, model, calibration],
                   {**os.environ, "HF_HUB_OFFLINE": "1"})
