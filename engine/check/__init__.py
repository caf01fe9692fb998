"""Finds what is wrong with a set of diagrams, forms and tables before it can run.

`check_set` judges files that are in memory and ours; `check_paths` judges files that may be anybody's, in a child
process with bounds. One rule is one file in `rules/`, found by discovery. Nothing here changes a file.
"""

from __future__ import annotations

from engine.check.context import CheckContext, context_of
from engine.check.paths import check_paths
from engine.check.problem import Problem
from engine.check.registry import rule_names
from engine.check.run import check_set

__all__ = ["CheckContext", "Problem", "check_paths", "check_set", "context_of", "rule_names"]
