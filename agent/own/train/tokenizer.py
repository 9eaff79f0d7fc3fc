"""A SentencePiece-kind vocabulary, learnt on the prompts, and the encoder that every reader of the GGUF shares.

The encoder is the merge algorithm of llama.cpp's SPM tokenizer: the text is split into characters, and as long as two
neighbours join to a piece of the vocabulary, the pair with the best score (the leftmost among equals) is joined. A character
that is no piece becomes its UTF-8 bytes. So a piece can be reached only if it splits into two pieces that can be reached:
learnt merges and ids are made so, and pieces of the answer are made not so, lest a prompt could spell one.

Scores fall with rank: ids first, then merges in the order in which they were learnt.
"""

import heapq
import json
import string
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

import language

SPACE = "\u2581"
UNKNOWN, BEGIN, END = 0, 1, 2
NORMAL_KIND, UNKNOWN_KIND, CONTROL_KIND, BYTE_KIND = 1, 2, 3, 6

# A character seen more seldom than this is read as bytes, so that the bytes are trained too.
RARE_CHARACTER = 20
# These belong to answers; a merge with one of them could make a piece of an answer reachable.
UNMERGED = set('"[],')


@dataclass
class Vocabulary:
    """Pieces with their scores and kinds, in the order of their numbers."""

    pieces: list[str]
    scores: list[float]
    kinds: list[int]
    _index: dict[str, int] = field(init=False, repr=False)
    _words: dict[str, list[int]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._index = {piece: number for number, piece in enumerate(self.pieces)}

    def __len__(self) -> int:
        return len(self.pieces)

    def encode(self, prompt: str) -> list[int]:
        """The token numbers of a prompt, without the beginning-of-sentence token.

        No piece holds a space mark but at its start, so words never join and each is encoded on its own.
        """
        return [number for word in prompt.split(" ") for number in self._encode_word(SPACE + word)]

    def encode_noisily(self, prompt: str, noise: float, random: np.random.Generator) -> list[int]:
        """As encode, but some words are cut into smaller pieces than they have to be: as if merges had not been learnt.

        A word that was never seen arrives in small pieces; so the words that are seen have to be known from theirs, too
        (BPE-dropout, Provilkov et al. 2020).
        """
        return [
            number
            for word in prompt.split(" ")
            for number in (self._cut(SPACE + word, random) if word.isalpha() and word.islower() and random.random() < noise else self._encode_word(SPACE + word))
        ]

    def _cut(self, word: str, random: np.random.Generator) -> list[int]:
        known = {piece: score for piece, score in self._scored(word) if len(piece) == 1 or random.random() > DROPPED_MERGES}
        return [number for piece in merge(word, known) for number in self._numbers(piece)]

    def answer(self, elements: list[str]) -> list[int]:
        """The token numbers of an answer with its end. Raises KeyError for an element that is not in the language."""
        return [self._index[piece] for piece in language.answer_pieces(elements)] + [END]

    def first_output(self) -> int:
        """The number of the first piece of answers; all pieces from there on are of answers."""
        return len(self) - len(language.output_pieces())

    def _encode_word(self, word: str) -> list[int]:
        if word not in self._words:
            pieces = merge(word, {p: s for p, s in self._scored(word)})
            self._words[word] = [number for piece in pieces for number in self._numbers(piece)]
        return self._words[word]

    def _scored(self, word: str):
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                number = self._index.get(word[start:end])
                if number is not None:
                    yield word[start:end], self.scores[number]

    def _numbers(self, piece: str) -> list[int]:
        if piece in self._index:
            return [self._index[piece]]
        return [self._index[byte_piece(b)] for b in piece.encode("utf-8")]

    def save(self, path: Path) -> None:
        rows = list(zip(self.pieces, self.scores, self.kinds))
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        pieces, scores, kinds = zip(*json.loads(path.read_text(encoding="utf-8")))
        return cls(list(pieces), list(scores), list(kinds))


def merge(text: str, scores: dict[str, float]) -> list[str]:
    """Joins neighbours by score, as llama.cpp's llm_tokenizer_spm_session does. Empties a joined symbol, keeps the order."""
    symbols = list(text)
    before = list(range(-1, len(symbols) - 1))
    after = list(range(1, len(symbols))) + [-1]
    queue: list[tuple[float, int, int, int]] = []

    def offer(left: int, right: int) -> None:
        if left < 0 or right < 0:
            return
        joined = symbols[left] + symbols[right]
        if joined in scores:
            heapq.heappush(queue, (-scores[joined], left, right, len(joined)))

    for i in range(1, len(symbols)):
        offer(i - 1, i)
    while queue:
        _, left, right, size = heapq.heappop(queue)
        stale = not symbols[left] or not symbols[right] or len(symbols[left]) + len(symbols[right]) != size
        if stale:
            continue
        symbols[left] += symbols[right]
        symbols[right] = ""
        after[left] = after[right]
        if after[right] >= 0:
            before[after[right]] = left
        offer(before[left], left)
        offer(left, after[left])
    return [s for s in symbols if s]


DROPPED_MERGES = 0.4


def byte_piece(byte: int) -> str:
    return f"<0x{byte:02X}>"


def learn(prompts: list[str], merges: int) -> Vocabulary:
    """Learns a vocabulary of characters, ids, merges and pieces of answers."""
    words = Counter(SPACE + word for prompt in prompts for word in prompt.split(" "))
    alphabet = _alphabet(words)
    named = _id_merges()
    learnt = _learn_merges(words, alphabet, named, merges)
    ranked = named + learnt
    outputs = language.output_pieces()

    pieces = ["<unk>", "<s>", "</s>"] + [byte_piece(b) for b in range(256)] + alphabet + ranked + outputs
    kinds = [UNKNOWN_KIND, CONTROL_KIND, CONTROL_KIND] + [BYTE_KIND] * 256
    kinds += [NORMAL_KIND] * (len(pieces) - len(kinds))
    last = -float(len(ranked))
    scores = [0.0] * 259 + [last] * len(alphabet) + [-float(rank) for rank in range(len(ranked))] + [last] * len(outputs)
    vocabulary = Vocabulary(pieces, scores, kinds)
    _hold(vocabulary)
    return vocabulary


def _alphabet(words: Counter[str]) -> list[str]:
    counts: Counter[str] = Counter()
    for word, times in words.items():
        for character in word:
            counts[character] += times
    common = {c for c, times in counts.items() if times >= RARE_CHARACTER}
    needed = {SPACE, ">", *string.ascii_lowercase, *string.digits, *language.ID_LETTERS, *language.BARE_IDS}
    return sorted((common | needed) - {language.CLOSING})


def _id_merges() -> list[str]:
    """Each id alone and after a space. The first is there to be merged into the second."""
    names = language.ids()
    return [name for name in names if len(name) > 1] + [SPACE + name for name in names] + [SPACE + ">"]


def _learn_merges(words: Counter[str], alphabet: list[str], named: list[str], limit: int) -> list[str]:
    """Byte-pair encoding with the encoder's own rule: pairs count by what they join to, and a word that a new merge touches
    is encoded again with all merges so far."""
    known = set(alphabet)
    scores = {piece: -float(rank) for rank, piece in enumerate(named)}
    split = {word: merge(word, scores) for word in words}
    counts: Counter[str] = Counter()
    places: defaultdict[str, set[str]] = defaultdict(set)

    def count(word: str, sign: int) -> None:
        for left, right in zip(split[word], split[word][1:]):
            if _mergeable(left, known, scores) and _mergeable(right, known, scores):
                counts[left + right] += sign * words[word]
                places[left + right].add(word)

    for word in split:
        count(word, 1)
    learnt: list[str] = []
    while len(learnt) < limit and counts:
        best = min(counts, key=lambda piece: (-counts[piece], piece))
        if counts[best] < 2:
            break
        learnt.append(best)
        scores[best] = -float(len(named) + len(learnt) - 1)
        for word in sorted(places.pop(best)):
            count(word, -1)
            split[word] = merge(word, scores)
            count(word, 1)
        del counts[best]
    return learnt


def _mergeable(piece: str, known: set[str], scores: dict[str, float]) -> bool:
    """Learnt merges are of common characters in lower case: capitals stand in ids only."""
    whole = piece in scores or piece in known
    return whole and not UNMERGED & set(piece) and piece == piece.lower()


def _hold(vocabulary: Vocabulary) -> None:
    """Holds what the module promises: pieces are unique, words stand alone, and no prompt can spell a piece of an answer."""
    if len(set(vocabulary.pieces)) != len(vocabulary):
        raise ValueError("a piece is twice in the vocabulary")
    known = set(vocabulary.pieces)
    for piece in vocabulary.pieces[259:]:
        if SPACE in piece[1:]:
            raise ValueError(f"piece {piece!r} joins words")
    for piece in language.output_pieces():
        if any(piece[:i] in known and piece[i:] in known for i in range(1, len(piece))):
            raise ValueError(f"piece {piece!r} of an answer could be reached from a prompt")
