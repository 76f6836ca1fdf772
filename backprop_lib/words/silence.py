"""What the page says by itself when Python does not answer: it has the words beforehand."""

from __future__ import annotations

from backprop_lib.i18n import gettext as _


def unanswered() -> dict[str, str]:
    """A sentence for each reason that the page can tell; ``static/silence.js`` shows them."""
    return {
        "afresh": _("Python was started afresh: run the cell again."),
        "stopped": _("Python has stopped: start it again in the menu Kernel, then run the cell."),
        "busy": _("Python is busy with something else. This is shown as soon as it is done."),
        "quiet": _("Python does not answer. If it stays so, run the cell again."),
    }
