"""The command line: commands parse, call, print. Sees every package and is seen by none."""

from segmenter.cli.root import cli, main

__all__ = ["cli", "main"]
