"""Tests of the service."""

import unittest
from wsgiref.util import setup_testing_defaults

from my_shop.service import application


def get(path: str) -> str:
    """Return the body of the response to a GET request for `path`."""
    environ = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    return b"".join(application(environ, lambda status, headers: None)).decode()


class ServiceTest(unittest.TestCase):
    def test_greets_by_name(self) -> None:
        self.assertEqual(get("/ada"), "Good day, ada!\n")

    def test_greets_the_world_without_a_name(self) -> None:
        self.assertEqual(get("/"), "Good day, world!\n")
