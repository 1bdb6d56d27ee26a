"""`blueprint promote` and `blueprint merge` change the groups of contexts, and keep edits by the user."""

import re
import shlex
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


def end_move(shop: Path) -> None:
    """Say that the data have moved, as the last line of the page does."""
    done = blueprint("update", "--set", "previous_deployables=[]", cwd=shop)
    assert done.status == 0, done.err
    assert not (shop / "docs/moving-data.md").exists()


def movers(shop: Path) -> set[str]:
    """Return the services that have the command `move`."""
    programs = shop.glob("services/*/src/*/*_service/__main__.py")
    return {each.relative_to(shop).parts[1] for each in programs if "moving.command" in each.read_text()}


@pytest.mark.slow
def test_a_promoted_context_moves_with_its_edits_and_returns(shop: Path) -> None:
    """The files move to the new service and back, and each time a page says how the data moves."""
    ledger = "services/{}/src/shop/payments/ledger.py"
    edit(shop, ledger.format("identity"), '"""', '"""Our ')
    before = services(shop)
    mover = shop / "libs/src/chassis/db/moving"
    assert not mover.exists()
    done = blueprint("promote", "payments", "--json", cwd=shop)
    assert outcomes(done)[ledger.format("payments")] == "merged"
    assert needs_decision(done) == {"kept-migration"}
    assert services(shop)["payments"] == ["payments"]
    assert (shop / ledger.format("payments")).read_text().startswith('"""Our ')
    page = (shop / "docs/moving-data.md").read_text()
    assert "## Payments: from the service identity to payments" in page
    assert "`payments move copy payments`" in page
    assert mover.is_dir()
    assert movers(shop) == {"payments"}

    end_move(shop)
    assert not mover.exists()
    done = blueprint("merge", "payments", "--into", "identity", "--json", cwd=shop)
    assert outcomes(done)[ledger.format("identity")] == "merged"
    assert needs_decision(done) == {"kept-migration"}
    assert services(shop) == before
    page = (shop / "docs/moving-data.md").read_text()
    assert "## Payments: from the service payments to identity" in page
    assert "The new release has no sagas" in page
    assert movers(shop) == {"identity"}

    done = blueprint("update", "--set", "previous_deployables=[]", "--json", cwd=shop)
    assert done.status == 0
    assert not (shop / "docs/moving-data.md").exists()
    assert not mover.exists()
    assert not movers(shop)


@pytest.mark.slow
def test_another_change_waits_for_the_data_of_the_last_one(shop: Path) -> None:
    """Otherwise its page would replace the one that says what has to move; the way back is on the page."""
    before = services(shop)
    blueprint("promote", "payments", cwd=shop)
    state = content(shop)
    for arguments in (("promote", "catalog"), ("merge", "payments", "--into", "identity")):
        refused = blueprint(*arguments, cwd=shop)
        assert refused.status == 3
        assert "the data of the last change of the groups may not have moved yet" in refused.err
        assert "`blueprint update --set 'previous_deployables=[]'`" in refused.err
    assert content(shop) == state

    command = re.findall("`(blueprint update .+)`", (shop / "docs/moving-data.md").read_text())[-1]
    assert blueprint(*shlex.split(command)[1:], cwd=shop).status in (0, 8)
    assert services(shop) == before
    assert not (shop / "docs/moving-data.md").exists()


@pytest.mark.slow
def test_groups_that_stay_can_be_read_again(shop: Path) -> None:
    """A group is in the answers twice, before and after, and another command can follow the end of a move."""
    for context in ("payments", "catalog"):
        blueprint("promote", context, cwd=shop)
        end_move(shop)
    blueprint("merge", "catalog", "--into", "identity", cwd=shop)
    end_move(shop)
    assert services(shop).keys() == {"identity", "payments"}


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
def test_event_driven_contexts_move_with_their_messages(here: Path) -> None:
    """Its inbox, outbox and blocked keys are in a schema beside its own, and move with it."""
    groups = "[[identity, catalog, cart, orders, payments, inventory], [notifications], [analytics]]"
    made = blueprint("new", "shop", "-p", "event-driven", "--set", f"deployables={groups}", "--yes", cwd=here)
    assert made.status == 0, made.err
    shop = here / "shop"
    ledger = "services/{}/src/shop/payments/ledger.py"
    edit(shop, ledger.format("identity"), '"""', '"""Our ')
    done = blueprint("promote", "payments", "--json", cwd=shop)
    assert outcomes(done)[ledger.format("payments")] == "merged"
    page = (shop / "docs/moving-data.md").read_text()
    assert "`payments move switch payments payments_service`" in page
    assert "start payments and its worker once more" in page
    assert movers(shop) == {"payments"}

    end_move(shop)
    done = blueprint("merge", "notifications", "--into", "payments", "--json", cwd=shop)
    assert needs_decision(done) == {"kept-migration"}
    page = (shop / "docs/moving-data.md").read_text()
    assert "`payments move copy notifications notifications_service`" in page


@pytest.mark.slow
def test_a_monolith_becomes_services(here: Path) -> None:
    """The first context that leaves it makes the others one service; edits follow the files."""
    assert blueprint("new", "shop", "-p", "monolith", "--yes", cwd=here).status == 0
    shop = here / "shop"
    edit(shop, "src/shop/payments/ledger.py", '"""', '"""Our ')
    edit(shop, "src/shop/orders/service.py", '"""', '"""Our ')
    done = blueprint("promote", "payments", "--json", cwd=shop)
    assert outcomes(done)["services/payments/src/shop/payments/ledger.py"] == "merged"
    assert outcomes(done)["services/identity/src/shop/orders/service.py"] == "merged"
    assert needs_decision(done) == {"kept-migration"}
    assert {path.parent.name for path in (shop / "src").rglob("*.py")} == {"migrations"}
    assert services(shop).keys() == {"identity", "payments"}
    page = (shop / "docs/moving-data.md").read_text()
    assert "from the monolith to payments" in page
    assert "`DATABASE_URL` of\n   identity and of payments to the database of the monolith" in page

    end_move(shop)
    done = blueprint("merge", "payments", "--into", "identity", "--json", cwd=shop)
    assert needs_decision(done) == {"kept-migration"}
    assert services(shop).keys() == {"identity"}
    assert "from the service payments to identity" in (shop / "docs/moving-data.md").read_text()


@pytest.mark.slow
def test_a_monolith_in_java_becomes_services_and_payments_return(here: Path) -> None:
    """Edits follow the files, the services have the command, and only migrations are left behind."""
    assert blueprint("new", "shop", "--set", "stack=spring", "--yes", cwd=here).status == 0
    shop = here / "shop"
    ledger = "src/main/java/com/example/shop/payments/Ledger.java"
    mover = shop / "chassis/src/main/java/com/example/shop/chassis/database/Move.java"
    edit(shop, ledger, "/**", "/** Ours. ")
    done = blueprint("promote", "payments", "--json", cwd=shop)
    assert outcomes(done)[f"services/payments/{ledger}"] == "merged"
    assert needs_decision(done) == {"kept-migration"}
    assert {path.suffix for path in (shop / "src").rglob("*.*")} == {".sql"}
    assert services(shop).keys() == {"identity", "payments"}
    page = (shop / "docs/moving-data.md").read_text()
    assert "from the monolith to payments" in page
    assert "`payments move --switch=payments`" in page
    assert mover.exists()

    end_move(shop)
    assert not mover.exists()
    done = blueprint("merge", "payments", "--into", "identity", "--json", cwd=shop)
    assert outcomes(done)[f"services/identity/{ledger}"] == "merged"
    assert needs_decision(done) == {"kept-migration"}
    page = (shop / "docs/moving-data.md").read_text()
    sagas = "services/identity/src/main/resources/db/sagas"
    assert f"Delete `services/payments` and `{sagas}`, where only migrations are left" in page
    assert (shop / sagas).is_dir()


@pytest.mark.slow
@pytest.mark.parametrize("option", ["content=true", "extra_contexts=reviews"])
def test_a_monolith_with_more_than_services_can_have_is_refused(option: str, here: Path) -> None:
    """Its code or its data would be left behind."""
    assert blueprint("new", "shop", "-p", "monolith", "--set", option, "--yes", cwd=here).status == 0
    refused = blueprint("promote", "payments", "shop", cwd=here)
    assert refused.status == 3
    assert "cannot be split" in refused.err


@pytest.mark.slow
def test_a_monolith_has_nothing_to_merge(here: Path) -> None:
    """It has one deployable and no option for more."""
    assert blueprint("new", "shop", "-p", "monolith", "--yes", cwd=here).status == 0
    refused = blueprint("merge", "payments", "shop", "--into", "orders", cwd=here)
    assert refused.status == 3
    assert "the pattern monolith does not group contexts" in refused.err
