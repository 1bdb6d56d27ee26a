"""Tests of the mapping from claims to the caller."""

from uuid import UUID

import pytest

from ..claims import principal_of, user_id
from .provider import ALICE, ISSUER, Claims, claims


@pytest.mark.parametrize(
    "granted",
    [
        {"realm_access": {"roles": ["admin"]}},
        {"resource_access": {"shop": {"roles": ["other", "admin"]}}},
        {"roles": ["admin"]},
        {"scope": "openid admin"},
    ],
)
def test_the_admin_role_is_found_wherever_issuers_put_it(granted: Claims) -> None:
    assert principal_of(claims(**granted), "shop", "admin").roles == {"admin", "customer"}


@pytest.mark.parametrize(
    "granted",
    [
        {},
        {"realm_access": {"roles": ["administrator"]}},
        {"resource_access": {"account": {"roles": ["admin"]}}},
        {"roles": "admin"},
        {"roles": {"admin": True}},
        {"roles": [["admin"]]},
        {"scope": "openid xadmin admin-read"},
        {"scope": ["admin"]},
        {"groups": ["admin"], "admin": True},
        {"realm_access": ["admin"], "resource_access": None},
    ],
)
def test_nothing_else_makes_an_administrator(granted: Claims) -> None:
    assert principal_of(claims(**granted), "shop", "admin").roles == {"customer"}


def test_the_name_of_the_admin_role_is_configurable() -> None:
    assert "admin" in principal_of(claims(roles=["shop-manager"]), "shop", "shop-manager").roles
    assert "admin" not in principal_of(claims(roles=["admin"]), "shop", "shop-manager").roles


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_unverified_email_is_ignored(verified: object) -> None:
    found = principal_of(claims(email="alice@example.com", email_verified=verified), "shop", "admin")
    assert found.email is None


def test_a_subject_that_is_a_uuid_becomes_the_user_id() -> None:
    assert user_id(ISSUER, str(ALICE)) == ALICE


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_subject_never_becomes_an_id_of_the_shop_itself(number: int) -> None:
    assert user_id(ISSUER, str(UUID(int=number))).version == 5


def test_any_other_subject_gets_a_stable_unique_id() -> None:
    subjects = ["alice", "Alice", str(ALICE).upper(), ALICE.hex, f"{{{ALICE}}}", ALICE.urn]
    ids = {user_id(ISSUER, subject) for subject in subjects}
    assert len(ids) == len(subjects)
    assert ALICE not in ids
    assert {id.version for id in ids} == {5}
    assert user_id(ISSUER, "alice") == UUID("e8bd7691-dfec-5edf-9125-3c0b590d5619")
    assert user_id("https://other.example", "alice") != user_id(ISSUER, "alice")
