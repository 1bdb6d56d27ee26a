"""What a pattern is, where the built-in ones are, and which answers fit one."""

from .answers import Answers, check_answers, check_value, is_item_name, option_exists, parse_value
from .catalogue import find_pattern, list_patterns, pattern_names
from .loading import load_pattern
from .model import Boolean, Choice, Integer, Layer, Option, Pattern, Several, Text, Value
from .words import expected, explain

__all__ = [
    "Answers",
    "Boolean",
    "Choice",
    "Integer",
    "Layer",
    "Option",
    "Pattern",
    "Several",
    "Text",
    "Value",
    "check_answers",
    "check_value",
    "expected",
    "explain",
    "find_pattern",
    "is_item_name",
    "list_patterns",
    "load_pattern",
    "option_exists",
    "parse_value",
    "pattern_names",
]
