"""The service greets."""

import unittest
from wsgiref.util import setup_testing_defaults

from my_shop.service import application


def answer(path: str) -> str:
    """What the service answers to a GET of `path`."""
    environ = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    return b"".join(application(environ, lambda status, headers: None)).decode()


class ServiceTest(unittest.TestCase):
    def test_it_greets_by_name(self) -> None:
        self.assertEqual(answer("/ada"), "Hello, ada!\n")

    def test_it_greets_the_world(self) -> None:
        self.assertEqual(answer("/"), "Hello, world!\n")
