"""One request at a time per host, at least a second apart."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from sources import lanes
from sources.lanes import HostLanes


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += seconds
        await asyncio.sleep(0)


async def test_requests_to_one_host_follow_each_other() -> None:
    """Never two at once, a gap between them, in the order they came."""
    clock, log = Clock(), []
    hosts = HostLanes(clock=clock, sleep=clock.sleep)

    async def request(number: int) -> None:
        async with hosts.lane("news.example"):
            log.append((number, "in", clock.now))
            await asyncio.sleep(0)
            log.append((number, "out", clock.now))

    await asyncio.gather(*(request(number) for number in range(3)))
    assert log == [(0, "in", 100), (0, "out", 100), (1, "in", 101), (1, "out", 101), (2, "in", 102), (2, "out", 102)]


async def test_hosts_do_not_wait_for_each_other() -> None:
    """Each has its own lane."""
    clock = Clock()
    hosts = HostLanes(clock=clock, sleep=clock.sleep)
    async with hosts.lane("a.example"), hosts.lane("b.example"):
        assert clock.now == 100


async def test_a_failed_request_frees_its_host() -> None:
    """Also one that was cancelled while it waited."""
    clock = Clock()
    hosts = HostLanes(clock=clock, sleep=clock.sleep)
    with suppress(RuntimeError):
        async with hosts.lane("a.example"):
            raise RuntimeError
    async with hosts.lane("a.example"):
        assert clock.now == 101


async def test_hosts_are_forgotten() -> None:
    """Memory does not grow with the web; a lane in use stays."""
    hosts = HostLanes(gap=0)
    async with hosts.lane("held.example"):
        for number in range(lanes.MAX_IDLE_LANES + 50):
            async with hosts.lane(f"{number}.example"):
                pass
        assert len(hosts._lanes) <= lanes.MAX_IDLE_LANES + 1  # noqa: SLF001 - what is remembered shows nowhere else
        assert "held.example" in hosts._lanes  # noqa: SLF001 - the same
