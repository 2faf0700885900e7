"""Answers are kept for so many days and then forgotten, however long the server runs."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from chat.records import Records

log = logging.getLogger(__name__)

PAUSE = 3600.0  # seconds between two looks; a day that is an hour longer harms nobody


async def forget_old(records: Records, keep_days: int) -> None:
    """Forget what is older than `keep_days`, now and every hour, until cancelled."""
    while True:
        try:
            await asyncio.to_thread(records.forget, datetime.now(UTC) - timedelta(days=keep_days))
        except SQLAlchemyError:  # the next look may find the database open
            log.exception("old answers could not be forgotten")
        await asyncio.sleep(PAUSE)
