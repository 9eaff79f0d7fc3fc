"""The planner's two closed languages: the ids that stand for spans in a prompt, and the pieces an answer is made of.

A prompt says "swap A1 T1 to T2 on C1 >"; its answer is ["swap","a1","iT1","oT2","c1"]. An answer is written without white
space, and each element together with the JSON around it is one token, because a served model costs milliseconds per token
and not per parameter: ["swap" is a token, ,"a1" is one, and ] ends the list.

Invariant: what is listed here is all that can be answered. A sample with anything else is refused, never skipped.
"""

ACTIONS = (
    "swap bridge transfer approve revoke wrap unwrap stake lend withdraw borrow repay schedule alert"
    " balance price quote risk_check yield_search tx_status none other ask"
).split()
KINDS = "dca limit stop twap recurring once".split()

# Letters of ids, by what they refer to: amounts, tokens, chains, addresses and names, slippage, min-out, times, conditions,
# venues, hashes. Each stands before the number of its span.
ID_LETTERS = "AHZBDY" "TU" "C" "RN" "S" "M" "EIW" "GPFK" "VO" "X"
# Words that are never read: quoted or foreign text, a word with digits, an over-long word. They have no number.
BARE_IDS = "QJL"

# Slots that point at a span of the sentence, and slots that point at what an earlier step made.
SPAN_SLOTS = "a iT iR oT oR r c d s m e tG tW v".split()
STEP_SLOTS = "aO iO".split()
SPANS = range(1, 10)
STEPS = range(1, 7)


def elements() -> list[str]:
    """Every string that an answer may hold, actions first."""
    spans = [f"{slot}{n}" for slot in SPAN_SLOTS for n in SPANS]
    steps = [f"{slot}{n}" for slot in STEP_SLOTS for n in STEPS]
    return ACTIONS + KINDS + ["out"] + spans + steps


def ids() -> list[str]:
    """Every id that a prompt may hold."""
    return [f"{letter}{n}" for letter in ID_LETTERS for n in SPANS] + list(BARE_IDS)


def opening(action: str) -> str:
    """The piece that begins an answer."""
    return f'["{action}"'


def following(element: str) -> str:
    """The piece of any later element."""
    return f',"{element}"'


CLOSING = "]"


def output_pieces() -> list[str]:
    """Every piece that an answer is made of."""
    return [opening(a) for a in ACTIONS] + [following(e) for e in elements()] + [CLOSING]


def answer_pieces(answer: list[str]) -> list[str]:
    """The pieces of one answer."""
    return [opening(answer[0])] + [following(e) for e in answer[1:]] + [CLOSING]


def parts(piece: str) -> list[str]:
    """What a piece has in common with others: T7 is a T and a seventh, ["swap" and ,"swap" are both swap.

    Numbers of ids and of slots are parts of their own; training lets pieces share a vector for each part, so that an id that
    is rare in the samples is read like its neighbours.
    """
    if piece.lstrip("\u2581") in ids():
        name = piece.lstrip("\u2581")
        return [f"id {name[0]}"] + [f"number {digit}" for digit in name[1:]]
    if piece in output_pieces() and piece != CLOSING:
        name = piece[2:-1]
        if name[-1].isdigit():
            return [f"slot {name[:-1]}", f"number {name[-1]}"]
        return [f"word {name}"]
    return []
