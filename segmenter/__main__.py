"""``python -m segmenter`` is ``segmenter``."""

from segmenter.cli import main

main()
