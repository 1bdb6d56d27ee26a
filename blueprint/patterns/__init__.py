"""Patterns: the model of pattern.yaml, the built-in patterns, and answers to their options."""

from .answers import (
    NO_ANSWER,
    Answers,
    answer_options,
    check_answers,
    check_names,
    check_value,
    is_item_name,
    option_exists,
    parse_value,
    start_interview,
)
from .catalogue import find_pattern, list_patterns, pattern_names
from .loading import load_pattern
from .model import BUILT_IN, Layer, Origin, Pattern
from .options import (
    Boolean,
    Choice,
    Data,
    Integer,
    Interview,
    Number,
    Option,
    Text,
    TextList,
    Value,
    describe_values,
    explain_option,
    quote_value,
)
from .package_names import package_name

__all__ = [
    "BUILT_IN",
    "NO_ANSWER",
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
    "Text",
    "TextList",
    "Value",
    "answer_options",
    "check_answers",
    "check_names",
    "check_value",
    "describe_values",
    "explain_option",
    "find_pattern",
    "is_item_name",
    "list_patterns",
    "load_pattern",
    "option_exists",
    "package_name",
    "parse_value",
    "pattern_names",
    "quote_value",
    "start_interview",
]
