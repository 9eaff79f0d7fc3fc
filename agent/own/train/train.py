"""Trains the own planner from scratch on a CPU.

    python train.py SAMPLES RUN --minutes 60     # SAMPLES holds train.jsonl and valid.jsonl
    python train.py SAMPLES RUN --resume         # goes on where RUN stopped
    python export.py RUN planner.gguf

The loss is taken on answers only. The rate warms up and falls along a half cosine over the budget: over minutes of training,
which is what a shared machine can plan with, or over steps, which gives the same weights again on the same machine. What is exported
and measured is a moving average of the weights.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--resume", action="store_true", help="go on with the settings of the run; only --threads is heeded")
    parser.add_argument("--threads", type=int, default=1, help="cores to use")
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--minutes", type=float, default=0, help="train for so long")
    budget.add_argument("--steps", type=int, default=0, help="train for so many steps")
    parser.add_argument("--merges", type=int, default=1500, help="word pieces to learn")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--feed-forward", type=int, default=384)
    parser.add_argument("--rows", type=int, default=16, help="rows of a batch")
    parser.add_argument("--length", type=int, default=128, help="tokens of a row, several sentences")
    parser.add_argument("--rate", type=float, default=2e-3, help="the highest learning rate")
    parser.add_argument("--warmup", type=float, default=0.03, help="share of the budget in which the rate rises")
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--label-smoothing", type=float, default=0.0)
    parser.add_argument("--noise", type=float, default=0.15, help="share of the words that are cut smaller than need be")
    parser.add_argument("--averaging", type=float, default=0.998, help="how much of the average stays at each step")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    # The number of threads is read once, when XLA starts, so it is set before the first import of JAX.
    ARGUMENTS = arguments()
    os.environ["NPROC"] = str(ARGUMENTS.threads)

import jax
import jax.numpy as jnp
import numpy as np
import optax

import checkpoint
import model
import samples
import tokenizer
from checkpoint import Place, Settings, State

PROGRESS_SECONDS = 10
VALIDATIONS = 20  # over the budget, each with a checkpoint
CLIP = 1.0


def main(given: argparse.Namespace) -> None:
    stop = _stopping()
    if given.resume:
        settings = checkpoint.read_settings(given.run)
        vocabulary = checkpoint.read_vocabulary(given.run)
        pairs = samples.read_lines(Path(settings.train))
    else:
        settings = _settings(given)
        pairs = samples.read_lines(Path(settings.train))
        vocabulary = tokenizer.learn([prompt for prompt, _ in pairs], settings.merges)
        checkpoint.begin(given.run, settings, vocabulary)
    train = samples.encode(pairs, vocabulary, settings.length, settings.noise, settings.seed)
    valid = samples.encode(samples.read_lines(Path(settings.valid)), vocabulary, settings.length)

    training = Training(settings, vocabulary)
    state, place = training.fresh(), Place()
    if given.resume and (given.run / "state.npz").exists():
        state, place = checkpoint.restore(given.run, state)
    print(
        f"{len(train)} samples, {len(valid)} to validate, {len(vocabulary)} pieces, {model.count(state.weights)} weights,"
        f" {np.mean([len(s.tokens) for s in train]):.1f} tokens a sample",
        flush=True,
    )
    training.run(given.run, state, place, train, valid, stop)


def _settings(given: argparse.Namespace) -> Settings:
    if given.minutes <= 0 and given.steps <= 0:
        sys.exit("say how long to train: --minutes or --steps")
    named = vars(given) | {"train": str(given.samples / "train.jsonl"), "valid": str(given.samples / "valid.jsonl")}
    return Settings(**{field.name: named[field.name] for field in fields(Settings)})


def _stopping() -> Callable[[], bool]:
    """Whether somebody asked the process to stop. The step at hand is finished and the state kept."""
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _: asked.append(got))
    return lambda: bool(asked)


def rate(settings: Settings, done: float) -> float:
    """The learning rate when a share of the budget is done."""
    if done < settings.warmup:
        return settings.rate * (done / settings.warmup + 0.01)
    falling = (done - settings.warmup) / (1 - settings.warmup)
    return settings.rate * 0.5 * (1 + np.cos(np.pi * min(falling, 1.0)))


class Training:
    """The compiled step, and the loop around it."""

    def __init__(self, settings: Settings, vocabulary: tokenizer.Vocabulary) -> None:
        self.settings = settings
        self.vocabulary = vocabulary
        self.shape = shape_of(settings, vocabulary)
        self.shared = jnp.asarray(model.shared_parts(vocabulary))
        self.optimiser = optax.chain(
            optax.clip_by_global_norm(CLIP),
            optax.scale_by_adam(b1=0.9, b2=0.98),
            optax.add_decayed_weights(settings.weight_decay, lambda weights: jax.tree.map(lambda leaf: leaf.ndim > 1, weights)),
        )
        # XLA's own generator: quicker than JAX's, and the same seed gives the same bits in the same version on the same machine.
        self.key = jax.random.key(settings.seed, impl="unsafe_rbg")
        self.step = jax.jit(self._step, donate_argnums=0)
        self.misses = jax.jit(lambda weights, batch: model.misses(weights, self.shared, batch, self.shape))

    def fresh(self) -> State:
        weights = jax.tree.map(jnp.asarray, model.initial(self.shape, self.vocabulary, self.settings.seed))
        return State(weights, self.optimiser.init(weights), jax.tree.map(jnp.copy, weights))

    def _step(self, state: State, batch: samples.Batch, number: jax.Array, speed: jax.Array) -> tuple[State, jax.Array]:
        settings = self.settings
        against = model.Regularisers(settings.dropout, settings.label_smoothing)
        key = jax.random.fold_in(self.key, number)
        loss, slope = jax.value_and_grad(model.loss)(
            state.weights, self.shared, batch, key, self.shape, against
        )
        change, optimiser = self.optimiser.update(slope, state.optimiser, state.weights)
        weights = jax.tree.map(lambda w, c: w - speed * c, state.weights, change)
        # Early on the average follows quickly, or it would remember the start.
        keep = jnp.minimum(settings.averaging, (1.0 + number) / (10.0 + number))
        average = jax.tree.map(lambda a, w: keep * a + (1 - keep) * w, state.average, weights)
        return State(weights, optimiser, average), loss

    def run(self, folder: Path, state: State, place: Place, train: list, valid: list, stop: Callable[[], bool]) -> None:
        settings = self.settings
        answers = samples.answers_per_row(train + valid, settings.length)
        progress = Progress()
        validated = int(self._done(place) * VALIDATIONS)
        before = time.monotonic()
        for batch in self._batches(train, answers, place):
            state, loss = self.step(state, batch, place.step, rate(settings, self._done(place)))
            progress.add(float(loss), int((batch.segment > 0).sum()))
            now = time.monotonic()
            place.step += 1
            # The first step of a process compiles, which is not training.
            place.seconds += now - before if progress.steps > 1 else 0
            before = now
            done = self._done(place)
            progress.tell(place, done, rate(settings, done))
            if int(done * VALIDATIONS) > validated or done >= 1 or stop():
                validated = int(done * VALIDATIONS)
                print(f"step {place.step}: {self._validate(state.average, valid, answers)}", flush=True)
                checkpoint.save(folder, state, place)
                before = time.monotonic()
            if done >= 1 or stop():
                break
        print(f"stopped after {place.step} steps, {place.seconds / 60:.1f} minutes, {place.epoch} epochs", flush=True)

    def _done(self, place: Place) -> float:
        if self.settings.steps:
            return place.step / self.settings.steps
        return place.seconds / 60 / self.settings.minutes

    def _batches(self, train: list, answers: int, place: Place) -> Iterator[samples.Batch]:
        """Batches without end, every epoch in another order. The place is kept up so that a run can go on from it."""
        while True:
            order = np.random.default_rng([self.settings.seed, place.epoch]).permutation(len(train))
            shuffled = (train[i] for i in order)
            for number, batch in enumerate(samples.batches(shuffled, self.settings.rows, self.settings.length, answers)):
                if number < place.batch:
                    continue
                place.batch = number + 1
                yield batch
            place.epoch += 1
            place.batch = 0

    def _validate(self, weights: model.Weights, valid: list, answers: int) -> str:
        """How many held-back sentences greedy decoding answers exactly, and how many elements are right after right ones."""
        exact = sentences = wrong = tokens = 0
        for batch in samples.batches(valid, self.settings.rows, self.settings.length, answers):
            misses = np.asarray(self.misses(weights, batch))
            count = batch.segment.max()
            sentences += count
            exact += count - len(np.unique(batch.sentence[misses]))
            wrong += misses.sum()
            tokens += (batch.target >= 0).sum()
        return f"exact {exact}/{sentences} = {exact / sentences:.2%}, tokens wrong {wrong / tokens:.3%}"


def shape_of(settings: Settings, vocabulary: tokenizer.Vocabulary) -> model.Shape:
    return model.Shape(len(vocabulary), settings.width, settings.layers, settings.heads, settings.feed_forward)


class Progress:
    """A line every some seconds: where the run is, its speed and the mean loss since the last line."""

    def __init__(self) -> None:
        self.steps = 0
        self._reset()

    def _reset(self) -> None:
        self.since = time.monotonic()
        self.tokens = 0
        self.losses: list[float] = []

    def add(self, loss: float, tokens: int) -> None:
        if not np.isfinite(loss):
            raise FloatingPointError("the loss is no number any more: lower --rate")
        self.steps += 1
        self.tokens += tokens
        self.losses.append(loss)

    def tell(self, place: Place, done: float, speed: float) -> None:
        passed = time.monotonic() - self.since
        if passed < PROGRESS_SECONDS:
            return
        print(
            f"{done:6.1%} step {place.step} epoch {place.epoch} loss {np.mean(self.losses):.4f}"
            f" rate {speed:.1e} {self.tokens / passed:.0f} tokens/s {place.seconds / 60:.1f} min",
            flush=True,
        )
        self._reset()


if __name__ == "__main__":
    try:
        main(ARGUMENTS)
    except (OSError, ValueError, FloatingPointError) as err:
        sys.exit(f"train: {err}")
