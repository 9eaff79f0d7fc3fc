"""A llama decoder in plain JAX: what llama.cpp computes for the architecture `llama`, and no more.

RMSNorm before each half of a block, rotary positions over consecutive pairs (2i, 2i+1) of each head, SwiGLU, no biases, and
one matrix for the input and the output of tokens. Weights are float32; products may be taken in bfloat16, which
CPUs with AMX do some six times faster.

In training the token matrix is a table plus shared parts: T7 = its own row + "a T" + "seventh" (language.parts). A rare id so
begins where its neighbours are. `tables` adds the two up, and only the sum is exported.
"""

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


def hidden(weights: Weights, table: jax.Array, batch: Batch, shape: Shape, product: jnp.dtype, drop) -> jax.Array:
    """The states of all tokens of a batch before the output matrix. `drop(x)` is dropout or nothing."""

    def dot(x: jax.Array, matrix: jax.Array) -> jax.Array:
        return x.astype(product) @ matrix.astype(product)

    rows, length = batch.tokens.shape
    angles = batch.position[:, :, None] * _frequencies(shape.head)
    turn = jnp.cos(angles)[:, :, None, :], jnp.sin(angles)[:, :, None, :]
    own = batch.segment[:, :, None] == batch.segment[:, None, :]
    bias = jnp.where(own & np.tri(length, dtype=bool), 0.0, -1e9)[:, None]

    x = drop(table[batch.tokens])
    for layer in weights["layers"]:
        qkv = dot(rms_norm(x, layer["attn_norm"]), layer["attn_qkv"]).astype(jnp.float32)
        q, k, v = (part.reshape(rows, length, shape.heads, shape.head) for part in jnp.split(qkv, 3, axis=-1))
        mixed = _attend(rotate(q, turn), rotate(k, turn), v, bias, product).reshape(rows, length, shape.width)
        x = x + drop(dot(mixed, layer["attn_output"]).astype(jnp.float32))
        gate, up = jnp.split(dot(rms_norm(x, layer["ffn_norm"]), layer["ffn_gate_up"]).astype(jnp.float32), 2, axis=-1)
        x = x + drop(dot(jax.nn.silu(gate) * up, layer["ffn_down"]).astype(jnp.float32))
    return rms_norm(x, weights["norm"])


def logits(weights: Weights, shared: jax.Array, batch: Batch, shape: Shape, product: jnp.dtype, drop=lambda x: x) -> jax.Array:
    """The scores of all pieces at the places where an answer's token is next: rows x answers x pieces."""
    table = tables(weights, shared)
    states = hidden(weights, table, batch, shape, product, drop)
    at = jnp.take_along_axis(states, batch.at[:, :, None], axis=1)
    return (at.astype(product) @ table.T.astype(product)).astype(jnp.float32)


def loss(weights: Weights, shared: jax.Array, batch: Batch, key: jax.Array, shape: Shape, product: jnp.dtype, against: Regularisers) -> jax.Array:
    """Mean cross entropy of the answer tokens. Smoothing spreads over what answers are made of, which ends the vocabulary."""
    drop = dropout(key, against.dropout) if against.dropout > 0 else lambda x: x
    chances = jax.nn.log_softmax(logits(weights, shared, batch, shape, product, drop))
    wanted = batch.target >= 0
    right = jnp.take_along_axis(chances, jnp.maximum(batch.target, 0)[:, :, None], axis=-1)[:, :, 0]
    any_output = chances[:, :, -len(language.output_pieces()) :].mean(axis=-1)
    kept = (1 - against.label_smoothing) * right + against.label_smoothing * any_output
    return -jnp.where(wanted, kept, 0).sum() / wanted.sum()


def misses(weights: Weights, shared: jax.Array, batch: Batch, shape: Shape) -> jax.Array:
    """Which answer tokens are not the most likely after the right ones before: a sentence without a miss is what
    greedy decoding answers, so no decoding is needed to count exact answers."""
    best = logits(weights, shared, batch, shape, jnp.float32).argmax(axis=-1)
    return (batch.target >= 0) & (best != batch.target)


def dropout(key: jax.Array, rate: float):
    """Returns a function that drops `rate` of what it is given, differently at each call. A byte a value is random enough."""
    calls = iter(range(1 << 30))
    kept = round((1 - rate) * 256)

    def drop(x: jax.Array) -> jax.Array:
        bits = jax.random.bits(jax.random.fold_in(key, next(calls)), x.shape, jnp.uint8)
        return jnp.where(bits < kept, x * (256 / kept), 0)

    return drop


def rms_norm(x: jax.Array, scale: jax.Array) -> jax.Array:
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + RMS_EPSILON) * scale


def rotate(x: jax.Array, turn: tuple[jax.Array, jax.Array]) -> jax.Array:
    """Turns each consecutive pair (2i, 2i+1) of a head by its position."""
    cos, sin = turn
    even, odd = x[..., 0::2], x[..., 1::2]
    return jnp.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(x.shape)


def _frequencies(head: int) -> np.ndarray:
    return ROPE_BASE ** (-np.arange(0, head, 2, dtype=np.float32) / head)


def _attend(q: jax.Array, k: jax.Array, v: jax.Array, bias: jax.Array, product: jnp.dtype) -> jax.Array:
    q, k, v = q.astype(product), k.astype(product), v.astype(product)
    scores = jnp.einsum("bqhd,bkhd->bhqk", q, k).astype(jnp.float32) / np.sqrt(q.shape[-1]) + bias
    chances = jax.nn.softmax(scores).astype(product)
    return jnp.einsum("bhqk,bkhd->bqhd", chances, v).astype(jnp.float32)
