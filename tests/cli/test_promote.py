"""`blueprint promote` and `blueprint merge` change the groups of contexts, and keep edits by the user."""

from pathlib import Path

import pytest
import yaml

from .projects import content, edit, outcomes
from .running import Outcome, blueprint

ONE = "[[identity, catalog, inventory, cart, orders, payments]]"


@pytest.fixture
def shop(here: Path) -> Path:
    """Microservices with all contexts in one service."""
    done = blueprint("new", "shop", "-p", "microservices", "--set", f"deployables={ONE}", "--yes", cwd=here)
    assert done.status == 0, done.err
    return here / "shop"


def needs_decision(done: Outcome) -> set[str]:
    """Return the outcomes that need a decision, for which the exit status is 8."""
    assert done.status == 8
    return set(outcomes(done).values()) - {"created", "updated", "merged", "deleted"}


def services(shop: Path) -> dict[str, list[str]]:
    """Return the contexts of each service."""
    architecture = yaml.safe_load((shop / "architecture.yaml").read_text())
    return {name: list(service["contexts"]) for name, service in architecture["services"].items()}


@pytest.mark.slow
def test_a_promoted_context_moves_with_its_edits_and_returns(shop: Path) -> None:
    """The files move to the new service and back, and each time a page says how the data moves."""
    ledger = "services/{}/src/shop/payments/ledger.py"
    edit(shop, ledger.format("identity"), '"""', '"""Our ')
    before = services(shop)
    done = blueprint("promote", "payments", "--json", cwd=shop)
    assert outcomes(done)[ledger.format("payments")] == "merged"
    assert needs_decision(done) == {"kept-migration"}
    assert services(shop)["payments"] == ["payments"]
    assert (shop / ledger.format("payments")).read_text().startswith('"""Our ')
    page = (shop / "docs/moving-data.md").read_text()
    assert "## Payments: from the service identity to payments" in page
    assert "`payments move copy payments`" in page

    done = blueprint("merge", "payments", "--into", "identity", "--json", cwd=shop)
    assert outcomes(done)[ledger.format("identity")] == "merged"
    assert needs_decision(done) == {"kept-migration"}
    assert services(shop) == before
    page = (shop / "docs/moving-data.md").read_text()
    assert "## Payments: from the service payments to identity" in page
    assert "The new release has no sagas" in page

    done = blueprint("update", "--set", "previous_deployables=[]", "--json", cwd=shop)
    assert done.status == 0
    assert not (shop / "docs/moving-data.md").exists()


@pytest.mark.slow
def test_orders_move_with_what_belongs_to_them(shop: Path) -> None:
    """Notifications and sagas have tables beside those of orders, and move with them."""
    blueprint("promote", "orders", cwd=shop)
    assert "`orders move switch orders notifications sagas`" in (shop / "docs/moving-data.md").read_text()


@pytest.mark.slow
def test_a_context_that_names_its_service_leaves_the_others_to_a_new_one(shop: Path) -> None:
    """The rest of the group has the name of its first context then, and moves to its database."""
    blueprint("promote", "identity", cwd=shop)
    page = (shop / "docs/moving-data.md").read_text()
    assert "from the service identity to catalog" in page
    assert "move copy catalog inventory cart orders notifications payments" in page


@pytest.mark.slow
def test_a_dry_run_writes_nothing(shop: Path) -> None:
    """It shows the files, and the project stays as it is."""
    before = content(shop)
    done = blueprint("promote", "payments", "--dry-run", cwd=shop)
    assert content(shop) == before
    assert "docs/moving-data.md" in done.out


@pytest.mark.slow
def test_refusals_say_what_there_is(shop: Path) -> None:
    """An unknown name, a group that would be empty and one that would join itself are refused."""
    blueprint("promote", "payments", cwd=shop)
    for arguments, message in (
        (("promote", "payment"), "there is no context payment; did you mean 'payments'?"),
        (("promote", "payments"), "payments is a deployable already"),
        (("merge", "cart", "--into", "identity"), "there is no deployable cart"),
        (("merge", "payments", "--into", "payments"), "payments cannot be merged into itself"),
        (("merge", "payments"), "--into"),
    ):
        refused = blueprint(*arguments, cwd=shop)
        assert refused.status in (2, 3)
        assert message in refused.err


@pytest.mark.slow
def test_a_pattern_without_groups_is_refused(here: Path) -> None:
    """The monolith has one deployable and no option for more."""
    assert blueprint("new", "shop", "-p", "monolith", "--yes", cwd=here).status == 0
    refused = blueprint("promote", "payments", "shop", cwd=here)
    assert refused.status == 3
    assert "the pattern monolith does not group contexts" in refused.err
