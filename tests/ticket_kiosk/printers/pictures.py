"""Pictures to print: black and white noise, so that a row that is lost or doubled is seen."""

from random import Random

from PIL.Image import Image, frombytes

WIDTH = 576


def ticket(height: int = 300, seed: int = 1) -> Image:
    return frombytes("1", (WIDTH, height), Random(seed).randbytes(WIDTH // 8 * height))
