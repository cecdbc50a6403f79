"""A zone's survey: counters that stay, and who has answered today, which is forgotten with the day.

The ticket is noted before its answer is counted: a crash between both loses an answer, and never counts one twice.
"""

from datetime import date

from redis.asyncio import Redis

from queue_core.domain.model import ServiceId, TicketId
from queue_core.domain.survey import Answer, Count, Question, is_kept, week_of
from queue_core.store.away import store_errors
from queue_core.store.keys import ZoneKeys

_SEPARATOR = "|"


class SurveyStore:
    def __init__(self, client: Redis, keys: ZoneKeys) -> None:
        self._client, self._keys = client, keys

    async def give(self, ticket: TicketId, service: ServiceId, answer: Answer, day: date, day_left_s: int) -> bool:
        """Counts a ticket's answer; False when it has answered before. Raises `StoreAway`."""
        answered = self._keys.answered(day.isoformat())
        async with store_errors():
            async with self._client.pipeline() as pipe:
                pipe.sadd(answered, ticket)
                pipe.expire(answered, max(1, day_left_s))
                new, _ = await pipe.execute()
            if not new:
                return False
            async with self._client.pipeline() as pipe:
                for question, said in ((Question.VISIT, answer.visit), (Question.WAIT, answer.wait)):
                    pipe.hincrby(self._keys.survey, _SEPARATOR.join((week_of(day), service, question, said)), 1)
                await pipe.execute()
            await self._forget_old(day)
        return True

    async def has_answered(self, ticket: TicketId, day: date) -> bool:
        async with store_errors():
            return bool(await self._client.sismember(self._keys.answered(day.isoformat()), ticket))

    async def counts(self) -> list[Count]:
        async with store_errors():
            kept = await self._client.hgetall(self._keys.survey)
        return [_count(str(field), int(n)) for field, n in kept.items()]

    async def _forget_old(self, day: date) -> None:
        """Weeks that are no longer kept go with the first answers after them."""
        fields = map(str, await self._client.hkeys(self._keys.survey))
        if old := [field for field in fields if not is_kept(field.partition(_SEPARATOR)[0], day)]:
            await self._client.hdel(self._keys.survey, *old)


def _count(field: str, n: int) -> Count:
    week, service, question, answer = field.split(_SEPARATOR)
    return Count(week, ServiceId(service), Question(question), answer, n)
