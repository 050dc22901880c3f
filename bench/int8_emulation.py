#!/usr/bin/env python3
"""What 8-bit products would do to the norms: every linear map of the encoder with its factors rounded
to integers and multiplied in fp32, which gives what integer products would, up to fp32's rounding.

int8_emulation.py MODEL SENTENCES (a file, one a line); needs torch and transformers (bench/compare
installs them into venv-bench in the cache). docs/performance.md shows what it prints."""

import sys

import numpy
import torch
from transformers import AutoModel, AutoTokenizer

LENGTH_BELOW = 80


class Map(torch.nn.Module):
    """A linear map: y = x Wᵀ + b in the scheme that is set."""

    def __init__(self, linear):
        super().__init__()
        self.linear = linear
        self.largest = torch.zeros(linear.in_features)
        self.scheme = "fp32"

    def set_scheme(self, scheme):
        """fp32, bf16, symmetric, asymmetric or smooth: of the activations, which get a scale a row.
        Weights have a scale an output channel. smooth shifts range from the activations' channels
        to the weights' (SmoothQuant, Xiao et al. 2023, α = 0.5), and is asymmetric."""
        self.scheme = scheme
        weight = self.linear.weight
        self.smoothing = torch.ones(self.linear.in_features)
        if scheme == "smooth":
            ranges = self.largest.clamp(min=1e-5) / weight.abs().amax(0).clamp(min=1e-5)
            self.smoothing = ranges.sqrt()
        weight = weight * self.smoothing
        scale = weight.abs().amax(1, keepdim=True) / 127
        self.weight = (weight / scale).round() * scale

    def forward(self, x):
        if self.scheme == "fp32":
            self.largest = torch.maximum(self.largest, x.reshape(-1, x.shape[-1]).abs().amax(0))
            return self.linear(x)
        if self.scheme == "bf16":
            return torch.nn.functional.linear(x.bfloat16().float(),
                                              self.linear.weight.bfloat16().float(), self.linear.bias)
        x = x / self.smoothing
        if self.scheme == "symmetric":
            scale = x.abs().amax(-1, keepdim=True).clamp(min=1e-8) / 127
            x = (x / scale).round() * scale
        else:
            low = x.amin(-1, keepdim=True).clamp(max=0)
            scale = (x.amax(-1, keepdim=True).clamp(min=0) - low).clamp(min=1e-8) / 255
            zero = (-low / scale).round()
            x = (((x / scale).round() + zero).clamp(0, 255) - zero) * scale
        return torch.nn.functional.linear(x, self.weight, self.linear.bias)


def replace_maps(model):
    """By (layer, name of the map)."""
    maps = {}
    for number, layer in enumerate(model.encoder.layer):
        places = {"query": (layer.attention.self, "query"), "key": (layer.attention.self, "key"),
                  "value": (layer.attention.self, "value"),
                  "attention": (layer.attention.output, "dense"),
                  "first": (layer.intermediate, "dense"), "second": (layer.output, "dense")}
        for name, (owner, attribute) in places.items():
            maps[number, name] = Map(getattr(owner, attribute))
            setattr(owner, attribute, maps[number, name])
    return maps


def norms_of(model, ids):
    norms = numpy.zeros(len(ids))
    order = numpy.argsort([len(sentence) for sentence in ids])
    for batch in numpy.array_split(order, max(1, len(ids) // 32)):
        longest = max(len(ids[i]) for i in batch)
        padded = torch.zeros(len(batch), longest, dtype=torch.long)
        mask = torch.zeros_like(padded)
        for row, i in enumerate(batch):
            padded[row, :len(ids[i])] = torch.tensor(ids[i])
            mask[row, :len(ids[i])] = 1
        states = model(input_ids=padded, attention_mask=mask).last_hidden_state
        norms[batch] = states[:, 0].double().norm(dim=1).numpy()
    return norms


def main(folder, path):
    torch.set_grad_enabled(False)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()
    with open(path, encoding="utf-8") as file:
        sentences = file.read().split("\n")[:-1]
    ids = [tokenizer(text, truncation=True, max_length=512)["input_ids"] for text in sentences]
    lengths = numpy.array([len(sentence) - 2.0 for sentence in ids])
    kept = lengths < LENGTH_BELOW
    maps = replace_maps(model)

    def line(norms):
        covariance = numpy.cov(lengths[kept], norms[kept])
        slope = covariance[0, 1] / covariance[0, 0]
        return slope, slope * covariance[0, 1] / covariance[1, 1]

    exact = norms_of(model, ids)
    exact_slope, exact_r_squared = line(exact)
    print(f"fp32: slope {exact_slope:.3e}, R² {exact_r_squared:.3e}, {kept.sum()} sentences", flush=True)
    print("| scheme | correlation | largest difference | slope | R² |\n|---|---|---|---|---|")
    schemes = {
        "bf16": lambda layer, name: "bf16",
        "symmetric": lambda layer, name: "symmetric",
        "asymmetric": lambda layer, name: "asymmetric",
        "smooth": lambda layer, name: "smooth",
        "smooth, second map bf16": lambda layer, name: "bf16" if name == "second" else "smooth",
        "smooth in the first half of the layers": lambda layer, name:
            "smooth" if layer < len(model.encoder.layer) // 2 else "bf16",
        "smooth in the first map alone": lambda layer, name: "smooth" if name == "first" else "bf16",
    }
    for label, choose in schemes.items():
        for (layer, name), linear in maps.items():
            linear.set_scheme(choose(layer, name))
        norms = norms_of(model, ids)
        slope, r_squared = line(norms)
        print(f"| {label} | {numpy.corrcoef(norms[kept], exact[kept])[0, 1]:.5f} "
              f"| {100 * abs(norms / exact - 1).max():.2f} % | {100 * (slope / exact_slope - 1):+.1f} % "
              f"| {100 * (r_squared / exact_r_squared - 1):+.1f} % |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
