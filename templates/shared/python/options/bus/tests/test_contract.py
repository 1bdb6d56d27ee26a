"""The contract of the bus port, for every implementation."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ....ids import new_id
from ..port import Bus, BusUnavailable, Message, MessagesRefused, Topic
from .members import Member, member_of, publish, together


async def test_a_published_message_is_consumed_unchanged(bus: Bus, topic: str, group: str) -> None:
    await bus.producer.publish([Message(topic, "ключ", b"\x00\xff", {"type": "Größe"})])
    async with member_of(bus, group, topic) as member:
        await member.until(1)
    (record,) = member.records
    assert record.partition.topic == topic
    assert (record.key, record.value, record.headers) == ("ключ", b"\x00\xff", {"type": "Größe"})
    assert record.offset == 0
    assert abs(record.time - datetime.now(UTC)) < timedelta(minutes=1)


async def test_records_with_one_key_are_consumed_in_order(bus: Bus, topic: str, group: str) -> None:
    for number in range(0, 100, 10):
        await publish(bus, topic, "a", *range(number, number + 10))
        await publish(bus, topic, f"other-{number}", "x")
    async with member_of(bus, group, topic) as member:
        await member.until(110)
    of_a = [record for record in member.records if record.key == "a"]
    assert [int(record.value) for record in of_a] == list(range(100))
    assert len({record.partition for record in of_a}) == 1
    assert len({record.partition for record in member.records}) > 1


async def test_each_group_gets_all_records(bus: Bus, topic: str, group: str) -> None:
    await publish(bus, topic, "a", 1, 2)
    for name in (group, f"{group}-2"):
        async with member_of(bus, name, topic) as member:
            assert await member.until(2) == ["1", "2"]


async def test_a_group_resumes_at_its_committed_offset(bus: Bus, topic: str, group: str) -> None:
    await publish(bus, topic, "a", 1, 2, 3)
    async with member_of(bus, group, topic) as member:
        await member.until(3)
        second = member.records[1]
        member.done.clear()
        await member.consumer.commit({second.partition: second.offset + 1})
    async with member_of(bus, group, topic) as member:
        assert await member.until(1) == ["3"]


async def test_a_member_that_leaves_commits_its_offsets(bus: Bus, topic: str, group: str) -> None:
    await publish(bus, topic, "a", 1, 2)
    async with member_of(bus, group, topic) as member:
        await member.until(2)
    assert sum((await bus.lag(group, [topic])).values()) == 0


async def test_uncommitted_records_are_redelivered(bus: Bus, topic: str, group: str) -> None:
    await publish(bus, topic, "a", 1, 2)
    async with member_of(bus, group, topic) as member:
        await member.until(2)
        member.done.clear()
    async with member_of(bus, group, topic) as member:
        assert await member.until(2) == ["1", "2"]


async def test_members_share_the_partitions(connect_bus: Callable[[], Bus], topic: str, group: str) -> None:
    first, second = connect_bus(), connect_bus()
    async with member_of(first, group, topic) as one:
        await one.until_held(4)
        async with member_of(second, group, topic) as two:
            await together(one, two, held=[2, 2])
            assert not one.held & two.held
        await one.until_held(4)


async def test_a_member_beyond_the_number_of_partitions_gets_none(
    connect_bus: Callable[[], Bus], bus: Bus, group: str
) -> None:
    name = f"single-{new_id()}"
    await bus.create([Topic(name, 1)])
    async with member_of(connect_bus(), group, name) as one, member_of(connect_bus(), group, name) as two:
        await together(one, two, held=[0, 1])


async def test_a_partition_moves_between_members_with_its_offset(
    connect_bus: Callable[[], Bus], bus: Bus, topic: str, group: str
) -> None:
    for number in range(40):
        await publish(bus, topic, f"key-{number}", number)
    async with member_of(connect_bus(), group, topic) as one:
        await one.until(40)
        async with member_of(connect_bus(), group, topic) as two:
            await together(one, two, held=[2, 2])
            for number in range(40, 80):
                await publish(bus, topic, f"key-{number}", number)
            while len(one.records) + len(two.records) < 80:
                await asyncio.gather(one.poll(), two.poll())
            await asyncio.gather(one.poll(), two.poll())
    assert sorted(map(int, one.values + two.values)) == list(range(80))


async def test_a_paused_partition_returns_its_records_after_resuming(
    bus: Bus, topic: str, group: str
) -> None:
    async with member_of(bus, group, topic) as member:
        await member.until_held(4)
        await publish(bus, topic, "a", 1)
        await member.until(1)
        paused = member.records[0].partition
        await member.consumer.pause([paused])
        await publish(bus, topic, "a", 2, 3)
        others = [f"key-{number}" for number in range(20)]
        for key in others:
            await publish(bus, topic, key, key)
        for _ in range(10):
            await member.poll()
        assert {"2", "3"}.isdisjoint(member.values)
        assert len(member.values) > 1
        await member.consumer.resume([paused])
        await member.until(23)
        assert [value for value in member.values if value.isdigit()] == ["1", "2", "3"]


async def test_a_poll_returns_at_most_its_limit(bus: Bus, topic: str, group: str) -> None:
    await publish(bus, topic, "a", *range(10))
    async with member_of(bus, group, topic) as member:
        await member.until_held(4)
        seen = list(member.records)
        while len(seen) < 10:
            records = await member.consumer.poll(3, 1.0)
            assert len(records) <= 3
            seen += records
    assert [int(record.value) for record in seen] == list(range(10))


async def test_a_single_record_is_returned_immediately(bus: Bus, topic: str, group: str) -> None:
    async with member_of(bus, group, topic) as member:
        await member.until_held(4)
        waiting = asyncio.create_task(member.poll(20.0))
        await asyncio.sleep(0.1)
        await publish(bus, topic, "a", 1)
        # Much less than the timeout of the poll.
        await asyncio.wait_for(waiting, 5)
        assert member.values == ["1"]


async def test_lag_is_the_number_of_uncommitted_records(bus: Bus, topic: str, group: str) -> None:
    await publish(bus, topic, "a", 1, 2, 3)
    assert sum((await bus.lag(group, [topic])).values()) == 3
    async with member_of(bus, group, topic) as member:
        await member.until(3)
        record = member.records[1]
        await member.consumer.commit({record.partition: record.offset + 1})
        assert sum((await bus.lag(group, [topic])).values()) == 1
        assert len(await bus.lag(group, [topic])) == 4


async def test_a_reader_reads_all_records_and_then_new_ones(bus: Bus, topic: str) -> None:
    await publish(bus, topic, "a", *range(5))
    reader = await bus.reader([topic])
    seen = []
    while records := await reader.read(2):
        seen += records
    assert [int(record.value) for record in seen] == list(range(5))
    await publish(bus, topic, "b", 5)
    assert [record.value for record in await reader.read(2)] == [b"5"]
    ends = await reader.ends()
    assert len(ends) == 4
    assert sum(ends.values()) == 6
    await reader.close()


async def test_only_the_message_that_is_too_large_is_refused(bus: Bus, topic: str, group: str) -> None:
    messages = [Message(topic, "a", b"1"), Message(topic, "a", bytes(2_000_000)), Message(topic, "a", b"2")]
    with pytest.raises(MessagesRefused) as refused:
        await bus.producer.publish(messages)
    assert set(refused.value.reasons) == {1}
    async with member_of(bus, group, topic) as member:
        assert await member.until(2) == ["1", "2"]


async def test_publishing_to_a_missing_topic_fails(bus: Bus) -> None:
    with pytest.raises(BusUnavailable):
        await bus.producer.publish([Message("no-such-topic", "a", b"1")])


async def test_creating_an_existing_topic_has_no_effect(bus: Bus, topic: str, group: str) -> None:
    await publish(bus, topic, "a", 1)
    await bus.create([Topic(topic, 4)])
    async with member_of(bus, group, topic) as member:
        assert await member.until(1) == ["1"]


async def test_several_processes_can_start_concurrently(connect_bus: Callable[[], Bus], topic: str) -> None:
    await asyncio.gather(*(connect_bus().ping() for _ in range(8)))


async def test_a_new_owner_may_commit_an_earlier_offset(
    connect_bus: Callable[[], Bus], bus: Bus, topic: str, group: str
) -> None:
    await publish(bus, topic, "a", 1, 2)
    async with member_of(connect_bus(), group, topic) as one:
        await one.until(2)
        stale = dict(one.done)
        one.done.clear()
    async with member_of(connect_bus(), group, topic) as two:
        assert isinstance(two, Member)
        await two.until(2)
        await two.consumer.commit({partition: offset - 1 for partition, offset in stale.items()})
        assert sum((await bus.lag(group, [topic])).values()) == 1
