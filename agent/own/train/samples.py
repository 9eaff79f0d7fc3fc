"""Samples as the model sees them: token numbers, several sentences packed into one row.

A sentence with its answer is some 25 tokens. Rows of a fixed length are filled with whole sentences, so almost nothing is
padding and the training step is compiled once. `segment` keeps the sentences of a row apart, and the loss is
taken at the places of `at` only: where the next token belongs to an answer.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tokenizer import BEGIN, Vocabulary


@dataclass(frozen=True)
class Sample:
    """One sentence: its tokens without the last, and the answer's tokens. The answer begins after the last prompt token."""

    tokens: np.ndarray
    answer: np.ndarray


class Batch(NamedTuple):
    """Rows of packed sentences. Segment 0 is padding, target -1 is no target, and a sentence is named by its number."""

    tokens: np.ndarray  # rows x length
    segment: np.ndarray  # rows x length
    position: np.ndarray  # rows x length
    at: np.ndarray  # rows x answers: the column that predicts the target
    target: np.ndarray  # rows x answers
    sentence: np.ndarray  # rows x answers: the number of the sentence, from 0, in the order of this batch


def read_lines(path: Path) -> list[tuple[str, list[str]]]:
    """The prompts and answers of a samples file."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            prompt, answer = row["prompt"], row["answer"]
        except (ValueError, KeyError, TypeError) as err:
            raise ValueError(f"{path}:{number}: no prompt and answer: {err!r}") from err
        if not isinstance(prompt, str) or not prompt.endswith(" >") or not answer:
            raise ValueError(f"{path}:{number}: a prompt ends with ' >' and an answer is not empty")
        pairs.append((prompt, answer))
    if not pairs:
        raise ValueError(f"{path} is empty")
    return pairs


def encode(pairs: list[tuple[str, list[str]]], vocabulary: Vocabulary, length: int, noise: float = 0, seed: int = 0) -> list[Sample]:
    """Encodes pairs, and cuts a share of the words smaller than need be. One that is longer than a row is an error: choose longer rows."""
    samples = []
    random = np.random.default_rng(seed)
    for prompt, elements in pairs:
        try:
            answer = vocabulary.answer(elements)
        except KeyError as err:
            raise ValueError(f"{prompt!r}: {err} is not in the language of answers") from err
        tokens = [BEGIN] + vocabulary.encode_noisily(prompt, noise, random) + answer[:-1]
        if len(tokens) > length:  # the noise may have made it so
            tokens = [BEGIN] + vocabulary.encode(prompt) + answer[:-1]
        if len(tokens) > length:
            raise ValueError(f"{prompt!r} has {len(tokens)} tokens with its answer, a row has {length}: use a larger --length")
        samples.append(Sample(np.array(tokens, np.int32), np.array(answer, np.int32)))
    return samples


def answers_per_row(samples: list[Sample], length: int) -> int:
    """How many answer tokens a row has room for: the usual share and a little more, for any sentence at the least."""
    share = sum(len(s.answer) for s in samples) / sum(len(s.tokens) for s in samples)
    longest = max(len(s.answer) for s in samples)
    return max(longest, 8 * int(np.ceil(length * share * 1.1 / 8)))


def batches(samples: list[Sample], rows: int, length: int, answers: int) -> Iterator[Batch]:
    """Packs samples in their order: each goes to the first row with room, and when there is none the batch is full."""
    packing = _Packing(rows, length, answers)
    for sample in samples:
        if not packing.add(sample):
            yield packing.batch
            packing = _Packing(rows, length, answers)
            packing.add(sample)
    yield packing.batch


class _Packing:
    def __init__(self, rows: int, length: int, answers: int) -> None:
        wide, narrow = (rows, length), (rows, answers)
        zeros = [np.zeros(wide, np.int32) for _ in range(3)]
        self.batch = Batch(*zeros, np.zeros(narrow, np.int32), np.full(narrow, -1, np.int32), np.zeros(narrow, np.int32))
        self.used = np.zeros(rows, int)
        self.answered = np.zeros(rows, int)
        self.count = 0

    def add(self, sample: Sample) -> bool:
        size, answer = len(sample.tokens), len(sample.answer)
        length, answers = self.batch.tokens.shape[1], self.batch.at.shape[1]
        fits = np.flatnonzero((self.used + size <= length) & (self.answered + answer <= answers))
        if not fits.size:
            return False
        row, start, first = fits[0], self.used[fits[0]], self.answered[fits[0]]
        end, last = start + size, first + answer
        self.batch.tokens[row, start:end] = sample.tokens
        self.batch.segment[row, start:end] = self.count + 1
        self.batch.position[row, start:end] = np.arange(size)
        self.batch.at[row, first:last] = np.arange(end - answer, end)
        self.batch.target[row, first:last] = sample.answer
        self.batch.sentence[row, first:last] = self.count
        self.used[row], self.answered[row] = end, last
        self.count += 1
        return True
