"""What a pattern is, where the built-in ones are, and which answers fit one."""

from .answers import (
    NOTHING,
    Answers,
    answer_all,
    check_answers,
    check_names,
    check_value,
    is_item_name,
    option_exists,
    parse_value,
)
from .catalogue import find_pattern, list_patterns, pattern_names
from .loading import load_pattern
from .model import (
    Boolean,
    Choice,
    Data,
    Integer,
    Interview,
    Layer,
    Number,
    Option,
    Pattern,
    Several,
    Text,
    Value,
)
from .origin import BUILT_IN, Origin
from .words import expected, explain

__all__ = [
    "BUILT_IN",
    "NOTHING",
    "Answers",
    "Boolean",
    "Choice",
    "Data",
    "Integer",
    "Interview",
    "Layer",
    "Number",
    "Option",
    "Origin",
    "Pattern",
    "Several",
    "Text",
    "Value",
    "answer_all",
    "check_answers",
    "check_names",
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
