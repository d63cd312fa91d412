"""What chat costs: rendering a digest, and the way from a message to its answer through the real clients.

Run as ``python -m benchmarks.bench_chat``; needs no data. The servers are the tests' own, on loopback.
"""

from __future__ import annotations

import asyncio
import statistics
import time

from bot.answering import says
from bot.slack.render import render as render_for_slack
from bot.telegram.render import render as render_for_telegram
from summaries.message import Message, Paragraph, QuoteBlock, Run, Style
from tests.bot.telegram_chat import Asked, chatting
from tests.platforms.telegram import TelegramServer

WORDS = "The harbour stays open, said Ida Moor to @all of Port Vane. "
DIGEST = Message(
    tuple(QuoteBlock((Run("“"), Run(WORDS * 4, verbatim=True), Run("”"), Run(" ¹", Style.SMALL))) for _ in range(12)),
)
HOSTILE = {
    "a digest of 12 quotes": DIGEST,
    "one word of 1 MB": Message((Paragraph((Run("w" * 1_000_000, verbatim=True),)),)),
    "1 MB of sentences": Message((Paragraph((Run(WORDS * 17_000, verbatim=True),)),)),
    "100,000 @names": Message((Paragraph((Run("@ab " * 100_000, verbatim=True),)),)),
    "5,000 blocks": Message(tuple(Paragraph((Run("x"),)) for _ in range(5000))),
    "1 MB of accents on one letter": Message((Paragraph((Run("e" + "\u0301" * 500_000, verbatim=True),)),)),
}
ASKED = 500


async def answered() -> list[float]:
    """Return the seconds from a command to its answer, one after the other."""
    took = []
    async with TelegramServer() as telegram:
        ana = telegram.person(7, "Ana")
        async with chatting(telegram, Asked(lambda _: says("The harbour stays open."))):
            for _ in range(ASKED):
                start = time.perf_counter()
                await telegram.says(ana, "/quotes moor")
                await telegram.answer()
                took.append(time.perf_counter() - start)
    return took


def main() -> None:
    """Print the figures."""
    for name, message in HOSTILE.items():
        for platform, render in (("Telegram", render_for_telegram), ("Slack", render_for_slack)):
            start = time.perf_counter()
            parts = render(message)
            print(f"{name}, {platform}: {(time.perf_counter() - start) * 1000:.1f} ms, {len(parts)} messages")
    took = asyncio.run(answered())
    centiles = statistics.quantiles(took, n=100)
    print(f"command to answer, {ASKED} times: median {centiles[49] * 1000:.1f} ms, p99 {centiles[98] * 1000:.1f} ms")


if __name__ == "__main__":
    main()
