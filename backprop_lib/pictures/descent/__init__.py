"""The pictures of a way down: landscapes, a factory's loss, and a race of learning rates."""
