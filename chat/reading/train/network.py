"""The network of chat.reading as it is trained, with torch.

Pre-norm layers as in Xiong et al. 2020, the likeness of tokens as in ColBERT (Khattab and Zaharia 2020).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from chat.reading.tokens import ASKED, PAD, SAID

DROPPED = 0.1  # share of what a layer says that is left out while training


@dataclass(frozen=True)
class Shape:
    """The size of a network."""

    vocabulary: int
    width: int = 256
    heads: int = 4
    alone: int = 4  # layers that read questions and sentences by themselves
    together: int = 2  # layers in which the question reads the sentence
    longest: int = 192  # tokens
    compared: int = 128  # numbers of a token where tokens are compared


class Layer(nn.Module):
    """Attention and a feed-forward network, each beside a residual connection."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.keys, self.out = (
            nn.Linear(width, width),
            nn.Linear(width, 2 * width),
            nn.Linear(width, width),
        )
        self.inner, self.outer = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(DROPPED)

    def forward(self, x: Tensor, held: Tensor, other: tuple[Tensor, Tensor, Tensor] | None = None) -> Tensor:
        """x: (texts, tokens, width); held: which tokens are no padding. other: keys and values of texts that are
        read as well, and which of them are no padding."""
        y = self.before(x)
        keys, values = self.attended(y)
        if other is not None:
            keys, values = torch.cat((keys, other[0]), 2), torch.cat((values, other[1]), 2)
            held = torch.cat((held, other[2]), 1)
        query = self._parted(self.query(y))
        seen = functional.scaled_dot_product_attention(query, keys, values, attn_mask=held[:, None, None, :])
        x = x + self.dropout(self.out(seen.transpose(1, 2).flatten(2)))
        return x + self.dropout(self.outer(functional.gelu(self.inner(self.between(x)))))

    def attended(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of texts, each of shape (texts, heads, tokens, width / heads)."""
        keys, values = self.keys(y).chunk(2, dim=-1)
        return self._parted(keys), self._parted(values)

    def _parted(self, y: Tensor) -> Tensor:
        return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)


@dataclass(frozen=True, eq=False)
class Read:
    """Texts that were read by themselves."""

    tokens: Tensor  # (texts, tokens, width)
    held: Tensor  # which tokens are no padding


class Network(nn.Module):
    """Scores how well sentences answer questions."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.embedding = nn.Embedding(shape.vocabulary, width, padding_idx=PAD)
        self.position, self.belongs = nn.Embedding(shape.longest, width), nn.Embedding(SAID + 1, width)
        for table in (self.embedding, self.position, self.belongs):
            nn.init.normal_(table.weight, std=0.02)
        self.alone = nn.ModuleList(Layer(shape) for _ in range(shape.alone))
        self.together = nn.ModuleList(Layer(shape) for _ in range(shape.together))
        self.of_other, self.last = nn.LayerNorm(width), nn.LayerNorm(width)
        self.compared, self.weight = nn.Linear(width, shape.compared), nn.Linear(width, 1)
        self.likeness = nn.Parameter(torch.tensor([5.0, 0.0]))  # its weight, and a constant
        self.judged, self.judgement = nn.Linear(2 * width, width), nn.Linear(width, 1)
        self.dropout = nn.Dropout(DROPPED)

    def read(self, ids: Tensor, belongs: Tensor) -> Read:
        """Read texts by themselves. ids, belongs: (texts, tokens)."""
        held = ids != PAD
        x = self.embedding(ids) + self.position.weight[: ids.shape[1]] + self.belongs(belongs)
        x = self.dropout(x)
        for layer in self.alone:
            x = layer(x, held)
        return Read(x, held)

    def ask(self, ids: Tensor) -> Read:
        """Read questions by themselves. ids: (questions, tokens)."""
        return self.read(ids, torch.full_like(ids, ASKED))

    def together_with(self, question: Read, sentence: Read) -> Tensor:
        """The questions after reading the sentences, shape (pairs, tokens of the question, width)."""
        x, other = question.tokens, self.of_other(sentence.tokens)
        for layer in self.together:
            x = layer(x, question.held, (*cast(Layer, layer).attended(other), sentence.held))
        return cast(Tensor, self.last(x))

    def score(self, question: Read, sentence: Read) -> Tensor:
        """Log odds that each sentence answers its question, shape (pairs,). Both: as many texts as pairs."""
        asked = functional.normalize(self.compared(question.tokens), dim=-1)
        said = functional.normalize(self.compared(sentence.tokens), dim=-1)
        likest = (asked @ said.transpose(1, 2)).masked_fill(~sentence.held[:, None, :], -1.0).amax(-1)
        weight = functional.softplus(self.weight(question.tokens)[..., 0]) * question.held
        likeness = (likest * weight).sum(1) / (weight.sum(1) + 1e-4)
        x = self.together_with(question, sentence)
        mean = (x * question.held[..., None]).sum(1) / question.held.sum(1, keepdim=True)
        judged = self.dropout(torch.tanh(self.judged(torch.cat((x[:, 0], mean), -1))))
        return cast(Tensor, self.judgement(judged)[:, 0] + self.likeness[0] * likeness + self.likeness[1])


def spread(question: Read, times: int) -> Read:
    """Every question as often as it has sentences."""
    return Read(question.tokens.repeat_interleave(times, 0), question.held.repeat_interleave(times, 0))


def arrays_of(network: Network) -> dict[str, NDArray[np.float32]]:
    """The weights by name, as they are stored and answer."""
    return {name: value.detach().float().cpu().numpy() for name, value in network.state_dict().items()}


def load_arrays(network: Network, arrays: Mapping[str, NDArray[np.float32]]) -> None:
    """Set the weights."""
    network.load_state_dict({name: torch.from_numpy(np.array(arrays[name])) for name in network.state_dict()})
