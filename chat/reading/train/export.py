"""Write the trained networks as they answer: python -m chat.reading.train.export WORK.

Each gets a folder of two ONNX files, which onnxruntime runs without torch: one reads a text by itself, the other scores a sentence for a
question, both as they were read. Weights of matrices take a byte each, with a scale for each column, as small as
need be for processors without VNNI: these add up the products of two neighbours in 16 bits and lose what does not
fit (onnxruntime's notes on quantization), which moved the log odds by 1 under an emulated one.
"""

from __future__ import annotations

import argparse
import copy
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx.numpy_helper import from_array, to_array
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn
from torch.export import Dim

from chat.ranking.train import FOLDS
from chat.reading.network import READ, SCORE
from chat.reading.tokens import FIRST, SAID
from chat.reading.train.arrays import load
from chat.reading.train.network import Network, Read, load_arrays

_BYTE = 127.0
_QUANTIZED = "_quantized"
_PAIR = 32767 // 255  # the most that two neighbours may be together
_FINER = 0.995
_LONGEST = 256  # tokens that a dynamic length may have; the texts are shorter (chat.reading.tokens)
_SAMPLE = (9, 21)  # tokens of the texts that the graphs are traced with


class Table(nn.Module):
    """An embedding that takes a byte a number, with a scale for each row."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(1, keepdim=True).clamp_min(1e-8) / _BYTE
        self.register_buffer("rows", (table / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """The rows of ids, any shape."""
        rows, scale = self.get_buffer("rows"), self.get_buffer("scale")
        return rows[ids].float() * scale[ids]


class _Reads(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, belongs: Tensor) -> Tensor:
        return self.network.read(ids[None], belongs[None]).tokens[0]


class _Scores(nn.Module):
    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, question: Tensor, sentence: Tensor) -> Tensor:
        return self.network.score(_whole(question), _whole(sentence))


def _whole(tokens: Tensor) -> Read:
    return Read(tokens[None], torch.ones_like(tokens[None, :, 0], dtype=torch.bool))


def export(network: Network, folder: Path) -> None:
    """Write the two files into a folder."""
    folder.mkdir(exist_ok=True)
    network = copy.deepcopy(network).cpu().eval()
    network.embedding = Table(network.embedding.weight.detach())  # type: ignore[assignment]
    _, said = _SAMPLE
    ids, belongs = torch.full((said,), FIRST), torch.full((said,), SAID)
    _write(_Reads(network), {"ids": ids, "belongs": belongs}, [0, 0], folder / READ)
    export_head(network, folder / SCORE)


def export_head(network: Network, target: Path) -> None:
    """Write the layers that read question and sentence together into a file."""
    width = network.of_other.normalized_shape[0]
    asked, said = _SAMPLE
    rows = {"question": torch.randn(asked, width), "sentence": torch.randn(said, width)}
    _write(_Scores(copy.deepcopy(network).cpu().eval()), rows, [0, 1], target)


def _write(module: nn.Module, inputs: dict[str, Tensor], lengths: list[int], target: Path) -> None:
    """Trace a module, whose inputs have lengths of their own where their numbers differ, and store it in bytes."""
    sizes = [Dim(f"tokens_{number}", min=2, max=_LONGEST) for number in range(2)]
    with tempfile.TemporaryDirectory() as work:
        traced, ready = Path(work) / "traced.onnx", Path(work) / "ready.onnx"
        torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            traced,
            input_names=list(inputs),
            output_names=["found"],
            dynamic_shapes=[{0: sizes[number]} for number in lengths],
            external_data=False,
            verbose=False,
        )
        quant_pre_process(traced, ready, skip_symbolic_shape=True)
        quantize_dynamic(
            ready,
            target,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    model = onnx.load(target)
    _fit_in_16_bits(model)
    onnx.save(model, target)


def _fit_in_16_bits(model: onnx.ModelProto) -> None:
    """Scale the columns of all quantized matrices so that two neighbours times a byte stay within 16 bits."""
    stored = {one.name: one for one in model.graph.initializer}
    for name in [name for name in stored if name.endswith(_QUANTIZED)]:
        scale = stored[name.removesuffix(_QUANTIZED) + "_scale"]
        whole = to_array(stored[name]).astype(np.float64)
        share = np.ones(whole.shape[1])
        while (over := _pairs(np.rint(whole * share)) > _PAIR).any():
            share[over] *= np.minimum(_FINER, _PAIR / _pairs(whole[:, over] * share[over]))
        held = np.rint(whole * share).astype(np.int8)
        stored[name].CopyFrom(from_array(held, name))
        scale.CopyFrom(from_array((to_array(scale) / share).astype(np.float32), scale.name))


def _pairs(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest sum of two neighbours' sizes in each column."""
    return np.asarray((np.abs(matrix[0::2]) + np.abs(matrix[1::2])).max(0), dtype=np.float64)


def main() -> None:
    """Write every network that `finish` left in a work folder into a folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    work = parser.parse_args().work
    for part in (*map(str, range(FOLDS)), "all"):
        trained = work / f"{part}.npz"
        if trained.is_file():
            shape, arrays = load(trained)
            network = Network(shape)
            load_arrays(network, arrays)
            export(network, work / part)


if __name__ == "__main__":
    main()
