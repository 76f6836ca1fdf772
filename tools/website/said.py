"""What the builder says when it cannot go on."""


class SiteError(Exception):
    """The site cannot be built; the text is a sentence that says what to do."""
