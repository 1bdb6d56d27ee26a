"""The shop's contexts on a test's database, without HTTP and identity, for tests across contexts."""

from collections.abc import Mapping
from hashlib import sha256
from uuid import UUID, uuid4

import msgspec

from chassis.cache import Cache
from chassis.cache.store import NoStore
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.messaging.relay import Relay
from chassis.money import Money

from ...cart.service import Carts
from ...catalog.domain import Product
from ...catalog.service import Catalog
from ...inventory.reservations import Reservations
from ...inventory.service import StockService
from ...notifications.sender import LogSender
from ...notifications.service import Notifications
from ...orders.domain import Order, OrderRequest, OrderResponse
from ...orders.repository import OrderRepository
from ...orders.service import Orders
from ...orders.tables import outbox
from ...payments.ledger import Ledger
from ...payments.wallets import Wallets
from ..order_processor import TransactionalOrderProcessor

ADMIN = UUID(int=99)


class AnyUser:
    """Users of a shop without identity: all ids exist."""

    async def exists(self, user_id: UUID) -> bool:
        """Return True."""
        return True


class InProcessShop:
    """One process of the shop, with helpers for tests."""

    def __init__(self, database: Database) -> None:
        self.catalog = Catalog(database, Cache(NoStore()), "EUR")
        self.stock_service = StockService(database)
        self.carts = Carts(database, self.catalog, "EUR")
        self.wallets = Wallets(database, AnyUser(), "EUR")
        repository = OrderRepository(database)
        processor = TransactionalOrderProcessor(database, repository, Reservations(), Ledger(), self.carts)
        self.orders = Orders(repository, self.catalog, self.carts, processor, "EUR")
        notifications = Notifications(database, LogSender())
        self.relay = Relay(database, outbox, [notifications.handle])

    async def product(self, price: int = 100, stock: int = 10) -> str:
        """Create a product with stock and return its SKU."""
        sku = f"SKU-{new_id()}"
        await self.catalog.create(Product(sku, sku, "", "things", Money(price, "EUR"), version=1))
        await self.stock_service.put(sku, stock)
        return sku

    async def customer(self, balance: int = 0) -> UUID:
        """Return the id of a new user with `balance` in the wallet."""
        user_id = new_id()
        if balance:
            await self.wallets.top_up(ADMIN, str(user_id), user_id, balance)
        return user_id

    async def answer(self, user_id: UUID, items: Mapping[str, int] | None, key: str) -> OrderResponse:
        """Send one request to order `items`, or the cart for None."""
        fingerprint = sha256(msgspec.json.encode(items)).digest()
        return await self.orders.place(OrderRequest(user_id, key, fingerprint), items)

    async def order(self, user_id: UUID, items: Mapping[str, int] | None, key: str | None = None) -> Order:
        """Order `items`, or the cart for None, and return the order."""
        answer = await self.answer(user_id, items, key or str(uuid4()))
        return msgspec.json.decode(answer.body, type=Order)

    async def on_hand(self, sku: str) -> int:
        """Return the units of the SKU on hand, none of which may be reserved."""
        stock = await self.stock_service.read(sku)
        assert stock.reserved == 0
        return stock.on_hand

    async def balance(self, user_id: UUID) -> int:
        """Return the user's balance."""
        return (await self.wallets.read(user_id)).balance.amount
