"""The pictures of a way down: over landscapes and a factory's loss, and a race of several."""

from backprop_lib.pictures.descent.factory import draw_factory
from backprop_lib.pictures.descent.frame import Shown
from backprop_lib.pictures.descent.landscapes import draw_landscape
from backprop_lib.pictures.descent.race import Racer, draw_race, leader

__all__ = ["Racer", "Shown", "draw_factory", "draw_landscape", "draw_race", "leader"]
