"""The log: one event a line on standard error, past tense, ids and not texts."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "[hidden]"


def set_up_log(*, form: str, level: str, secrets: Iterable[str] = ()) -> None:
    """Send our events and the libraries' to standard error, secrets taken out.

    Args:
        form: "console" for people, "json" for machines: one object a line.
        level: The least that is logged of ours; of the libraries at least warnings.
        secrets: Values that never get out, wherever they stand: libraries put tokens into addresses.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _Hider(tuple(secret for secret in secrets if secret)),
    ]
    colours = sys.stderr.isatty()
    last: Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=colours)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.getLevelNamesMapping()[level.upper()], logging.WARNING))
    logging.getLogger("bot").setLevel(level.upper())


class _Hider:
    """Replaces secrets in every text of an event."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._secrets = secrets

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {key: self._hide(value) for key, value in event.items()}

    def _hide(self, value: object) -> object:
        # Whatever is no number is shown by its text; exceptions and addresses of libraries carry tokens.
        if isinstance(value, bool | int | float) or value is None:
            return value
        if isinstance(value, tuple) and not any(secret in str(value) for secret in self._secrets):
            return value
        text = str(value)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text
