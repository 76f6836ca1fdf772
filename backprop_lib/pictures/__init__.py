"""Pictures: pure functions from a Step or a record to an SVG text."""
