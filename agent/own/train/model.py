"""A llama decoder in plain JAX: what llama.cpp computes for the architecture `llama`, and no more.

RMSNorm before each half of a block, rotary positions over consecutive pairs (2i, 2i+1) of each head, SwiGLU, no biases, and
one matrix for the input and the output of tokens. All is float32.

In training the token matrix is a table plus shared parts: T7 = its own row + "a T" + "seventh" (language.parts). A rare id so
begins where its neighbours are. `tables` adds the two up, and only the sum is exported.
"""

import itertools
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import language
from samples import Batch
from tokenizer import Vocabulary

RMS_EPSILON = 1e-5
ROPE_BASE = 10000.0
INITIAL_SPREAD = 0.02

Weights = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """The sizes of a model."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    feed_forward: int

    def __post_init__(self) -> None:
        if self.width % self.heads or (self.width // self.heads) % 2:
            raise ValueError(f"width {self.width} must be an even number times {self.heads} heads")

    @property
    def head(self) -> int:
        return self.width // self.heads


class Regularisers(NamedTuple):
    """What keeps training from learning sentences by heart."""

    dropout: float
    label_smoothing: float


def initial(shape: Shape, vocabulary: Vocabulary, seed: int) -> Weights:
    """Weights before training. Norms are 1, what writes to the residual stream starts smaller with depth."""
    rng = np.random.default_rng(seed)
    width, spread = shape.width, INITIAL_SPREAD
    deep = spread / np.sqrt(2 * shape.layers)

    def normal(rows: int, columns: int, scale: float) -> np.ndarray:
        return rng.normal(0, scale, (rows, columns)).astype(np.float32)

    shared = shared_parts(vocabulary)
    table = normal(len(vocabulary), width, spread)
    table[shared.any(axis=1)] = 0
    layers = [
        {
            "attn_norm": np.ones(width, np.float32),
            "attn_qkv": normal(width, 3 * width, spread * np.sqrt(128 / width)),
            "attn_output": normal(width, width, deep),
            "ffn_norm": np.ones(width, np.float32),
            "ffn_gate_up": normal(width, 2 * shape.feed_forward, spread),
            "ffn_down": normal(shape.feed_forward, width, deep),
        }
        for _ in range(shape.layers)
    ]
    return {"table": table, "parts": normal(shared.shape[1], width, spread), "layers": layers, "norm": np.ones(width, np.float32)}


def shared_parts(vocabulary: Vocabulary) -> np.ndarray:
    """Which parts each piece has: pieces x parts, 0 or 1."""
    of_piece = [language.parts(piece) for piece in vocabulary.pieces]
    names = sorted({name for parts in of_piece for name in parts})
    shared = np.zeros((len(vocabulary), len(names)), np.float32)
    for number, parts in enumerate(of_piece):
        for name in parts:
            shared[number, names.index(name)] = 1
    return shared


def tables(weights: Weights, shared: jax.Array) -> jax.Array:
    """The token matrix: each piece's own row and the parts that it shares."""
    return weights["table"] + shared @ weights["parts"]


def count(weights: Weights) -> int:
    return sum(leaf.size for leaf in jax.tree.leaves(weights))


def hidden(weights: Weights, table: jax.Array, batch: Batch, shape: Shape, drop) -> jax.Array:
    """The states of all tokens of a batch before the output matrix. `drop(x)` is dropout or nothing."""
    rows, length = batch.tokens.shape
    turn = tuple(jnp.asarray(table)[batch.position][:, :, None, :] for table in turns(length, shape.head))
    own = batch.segment[:, :, None] == batch.segment[:, None, :]
    bias = jnp.where(own & np.tri(length, dtype=bool), 0.0, -1e9)[:, None]

    x = drop(table[batch.tokens])
    for layer in weights["layers"]:
        qkv = rms_norm(x, layer["attn_norm"]) @ layer["attn_qkv"]
        q, k, v = (part.reshape(rows, length, shape.heads, shape.head) for part in jnp.split(qkv, 3, axis=-1))
        mixed = _attend(rotate(q, turn), rotate(k, turn), v, bias).reshape(rows, length, shape.width)
        x = x + drop(mixed @ layer["attn_output"])
        gate, up = jnp.split(rms_norm(x, layer["ffn_norm"]) @ layer["ffn_gate_up"], 2, axis=-1)
        x = x + drop((jax.nn.silu(gate) * up) @ layer["ffn_down"])
    return rms_norm(x, weights["norm"])


def logits(weights: Weights, shared: jax.Array, batch: Batch, shape: Shape, drop=lambda x: x) -> jax.Array:
    """The scores of all pieces at the places where an answer's token is next: rows x answers x pieces."""
    table = tables(weights, shared)
    states = hidden(weights, table, batch, shape, drop)
    at = jnp.take_along_axis(states, batch.at[:, :, None], axis=1)
    return at @ table.T


def loss(weights: Weights, shared: jax.Array, batch: Batch, key: jax.Array, shape: Shape, against: Regularisers) -> jax.Array:
    """Mean cross entropy of the answer tokens. Smoothing spreads over what answers are made of, which ends the vocabulary."""
    drop = dropout(key, against.dropout) if against.dropout > 0 else lambda x: x
    chances = jax.nn.log_softmax(logits(weights, shared, batch, shape, drop))
    wanted = batch.target >= 0
    right = jnp.take_along_axis(chances, jnp.maximum(batch.target, 0)[:, :, None], axis=-1)[:, :, 0]
    any_output = chances[:, :, -len(language.output_pieces()) :].mean(axis=-1)
    kept = (1 - against.label_smoothing) * right + against.label_smoothing * any_output
    return -jnp.where(wanted, kept, 0).sum() / wanted.sum()


def misses(weights: Weights, shared: jax.Array, batch: Batch, shape: Shape) -> jax.Array:
    """Which answer tokens are not the most likely after the right ones before: a sentence without a miss is what
    greedy decoding answers, so no decoding is needed to count exact answers."""
    best = logits(weights, shared, batch, shape).argmax(axis=-1)
    return (batch.target >= 0) & (best != batch.target)


def dropout(key: jax.Array, rate: float):
    """Returns a function that drops `rate` of what it is given, differently at each call. A byte a value is random enough."""
    calls = itertools.count()
    kept = round((1 - rate) * 256)

    def drop(x: jax.Array) -> jax.Array:
        words = jax.random.bits(jax.random.fold_in(key, next(calls)), (x.size // 4,), jnp.uint32)
        bits = jax.lax.bitcast_convert_type(words, jnp.uint8).reshape(x.shape)
        return jnp.where(bits < kept, x * (256 / kept), 0)

    return drop


def rms_norm(x: jax.Array, scale: jax.Array) -> jax.Array:
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + RMS_EPSILON) * scale


def rotate(x: jax.Array, turn: tuple[jax.Array, jax.Array]) -> jax.Array:
    """Turns each consecutive pair (2i, 2i+1) of a head by its position."""
    cos, sin = turn
    even, odd = x[..., 0::2], x[..., 1::2]
    return jnp.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(x.shape)


def turns(length: int, head: int) -> tuple[np.ndarray, np.ndarray]:
    """Cosine and sine for each position and pair. Constants: computed in the step, they would be computed at every use."""
    angles = np.arange(length)[:, None] * ROPE_BASE ** (-np.arange(0, head, 2) / head)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def _attend(q: jax.Array, k: jax.Array, v: jax.Array, bias: jax.Array) -> jax.Array:
    """Softmax written out and divided last: there is less to read and write than with jax.nn.softmax."""
    q, k, v = (x.transpose(0, 2, 1, 3) for x in (q, k, v))
    scores = (q / np.sqrt(q.shape[-1])) @ k.swapaxes(-1, -2) + bias
    chances = jnp.exp(scores - jax.lax.stop_gradient(scores.max(axis=-1, keepdims=True)))
    return ((chances @ v) / chances.sum(axis=-1, keepdims=True)).transpose(0, 2, 1, 3)
