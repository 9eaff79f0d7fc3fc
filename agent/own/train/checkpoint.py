"""A run's folder: its settings, its vocabulary, and the state that a later process goes on from."""

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np

from tokenizer import Vocabulary


@dataclass(frozen=True)
class Settings:
    """All that decides which weights come out, but for the samples and, under `minutes`, the speed of the machine."""

    train: str
    valid: str
    minutes: float
    steps: int
    merges: int
    width: int
    layers: int
    heads: int
    feed_forward: int
    rows: int
    length: int
    rate: float
    warmup: float
    weight_decay: float
    dropout: float
    label_smoothing: float
    noise: float
    averaging: float
    seed: int


class State(NamedTuple):
    """What a training step changes."""

    weights: Any
    optimiser: Any
    average: Any


@dataclass
class Place:
    """Where a run is: steps taken, seconds trained, and the batch of the epoch that comes next."""

    step: int = 0
    seconds: float = 0.0
    epoch: int = 0
    batch: int = 0


def begin(folder: Path, settings: Settings, vocabulary: Vocabulary) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.json").write_text(json.dumps(asdict(settings), indent=1) + "\n")
    vocabulary.save(folder / "vocabulary.json")
    (folder / "state.npz").unlink(missing_ok=True)


def read_settings(folder: Path) -> Settings:
    stored = json.loads((folder / "settings.json").read_text())
    return Settings(**{field.name: stored[field.name] for field in fields(Settings)})


def read_vocabulary(folder: Path) -> Vocabulary:
    return Vocabulary.load(folder / "vocabulary.json")


def save(folder: Path, state: State, place: Place) -> None:
    """Writes the state whole or not at all."""
    leaves = {f"leaf{i}": np.asarray(leaf) for i, leaf in enumerate(jax.tree.leaves(state))}
    part = folder / "state.part.npz"
    np.savez(part, place=json.dumps(asdict(place)), **leaves)
    os.replace(part, folder / "state.npz")


def restore(folder: Path, like: State) -> tuple[State, Place]:
    """Reads the state of a run into the form of a fresh one."""
    with np.load(folder / "state.npz") as stored:
        leaves = [stored[f"leaf{i}"] for i in range(len(jax.tree.leaves(like)))]
        place = Place(**json.loads(str(stored["place"])))
    return jax.tree.unflatten(jax.tree.structure(like), leaves), place
