"""A question before the answer is run: choose, and see why each answer is right or wrong."""

from __future__ import annotations

import html
from collections.abc import Sequence

from backprop_lib.engine.arrays import as_kind, short
from backprop_lib.i18n import gettext as _
from backprop_lib.i18n import labelled
from backprop_lib.widgets.controls import Verdict, answers
from backprop_lib.widgets.explorer import Explorer, View
from backprop_lib.widgets.jupyter import in_jupyter
from backprop_lib.widgets.settings import Whole


@in_jupyter
class Question(Explorer):
    """Predict, then look: nothing is graded, and each answer says why.

    ``answers`` are (text, is it right?, why) each; at least one is right. The setting ``chosen`` is
    the place of the answer that was chosen, from 0, or None. Raises ValueError for fewer than two
    answers, for none that is right, and for an answer without its reason.

    >>> question = Question(
    ...     "What is 2 × 3?",
    ...     ("5", False, "That is 2 + 3."),
    ...     ("6", True, "Two threes are six."),
    ... )
    >>> question.chosen = 0
    >>> question
    What is 2 × 3? | Not quite. That is 2 + 3.
    """

    chosen = Whole(
        lambda: _("an answer"), lambda asked: len(asked.answers) - 1, default=None, optional=True
    )

    def __init__(self, prompt: str, *answers: Sequence[object]) -> None:
        self.prompt = as_kind(prompt, str, '"What is 2 × 3?"')
        self.answers = [_answer(answer) for answer in answers]
        if len(self.answers) < 2 or not any(right for _text, right, _why in self.answers):
            raise ValueError(
                _(
                    "Expected at least two answers, one of them right, but {answers} came; "
                    'try ("5", False, "That is 2 + 3."), ("6", True, "Two threes are six.").'
                ).format(answers=short(answers))
            )
        super().__init__()
        self.start()

    def draw(self) -> View:
        """The question, and the reason for the answer that is chosen."""
        caption = ""
        verdict: Verdict = ""
        if self.chosen is not None:
            _text, right, why = self.answers[self.chosen]
            verdict = "right" if right else "wrong"
            opening = _("Yes. {why}") if right else _("Not quite. {why}")
            caption = opening.format(why=why)
        texts = [text for text, _right, _why in self.answers]
        return View(
            title=self.prompt,
            caption=caption,
            controls=(answers("chosen", self.prompt, texts, verdict),),
        )

    def fallback(self) -> str:
        """The question on paper, with its reasons folded away."""
        rows = "".join(f"<li>{html.escape(text)}</li>" for text, _right, _why in self.answers)
        reasons = "".join(
            f"<li>{html.escape(labelled(text, why))}</li>" for text, _right, why in self.answers
        )
        summary = html.escape(_("Each answer, and why"))
        return (
            f"<p><strong>{html.escape(self.prompt)}</strong></p><ul>{rows}</ul>"
            f"<details><summary>{summary}</summary><ul>{reasons}</ul></details>"
        )


def _answer(answer: Sequence[object]) -> tuple[str, bool, str]:
    if not (
        isinstance(answer, Sequence)
        and len(answer) == 3
        and isinstance(answer[0], str)
        and isinstance(answer[1], bool)
        and isinstance(answer[2], str)
    ):
        raise ValueError(
            _(
                "Expected an answer as (text, True or False, why), but {answer} came; "
                'try ("6", True, "Two threes are six.").'
            ).format(answer=short(answer))
        )
    return answer[0], answer[1], answer[2]
