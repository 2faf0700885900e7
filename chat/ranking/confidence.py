"""Whether the sentence that ranks first answers at all: what is known of it, and of how it stands to the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chat.question import Kind
from chat.ranking import forms
from chat.ranking.features import KINDS, MARKS, NAMES, PLAIN
from chat.ranking.standing import NAMES as WAYS

_STANDING = "best gap gap_of_five share entropy count distance".split()
_BEST = [*range(len(MARKS)), *(NAMES.index(name) for name in ("agrees", "agrees_around", "asked_said"))]
# Of the first sentence its own figures: that it stands first by most of them is told by the odds already.
_OWN = [*range(2 * len(MARKS)), *range((2 + len(WAYS)) * len(MARKS), PLAIN)]
SIZE = len(_OWN) + len(KINDS) + forms.FORMS + len(_STANDING) + len(_BEST)
_FIFTH = 4  # place of the sentence that the best one is compared with, beside the second
_ALONE = 5.0  # the gap where there is no other sentence


def confidence_features(
    kind: Kind, rows: NDArray[np.float32], odds: NDArray[np.float32], distance: float
) -> NDArray[np.float32]:
    """What the confidence is told from, shape (SIZE,).

    rows: of the sentences found, as `features_of` gives them. odds: their scores by the ranking. distance: of
    the evidence beyond that of everyday questions, in standard deviations (`index.calibrate`).
    """
    order = np.argsort(-odds, kind="stable")
    top, ranked = rows[order[0]], odds[order]
    share = np.exp(odds - ranked[0])
    share /= share.sum()
    standing = [
        ranked[0],
        ranked[0] - ranked[1] if len(ranked) > 1 else _ALONE,
        ranked[0] - ranked[min(_FIFTH, len(ranked) - 1)],
        share.max(),
        -(share * np.log(share + 1e-9)).sum(),
        np.log(len(ranked)),
        distance,
    ]
    says = top[PLAIN:].reshape(len(KINDS), forms.FORMS).sum(axis=0)
    asked = [kind is one for one in KINDS]
    return np.concatenate((top[_OWN], asked, says, standing, rows[:, _BEST].max(axis=0))).astype(np.float32)
