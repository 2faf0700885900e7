"""The turns of a conversation, each understood as asked after those before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from chat.conversation import (
    asks_for_more,
    closed,
    corrected,
    is_courtesy,
    level_returned_to,
    pointed_at,
    resolved,
    without_return,
)
from chat.followup import complete, refer, switches
from chat.masking import without_signature
from chat.naming import Catalog, Named
from chat.normal import normalise
from chat.parts import parts_of
from chat.places import Places
from chat.question import Kind, Question, Turn
from chat.situation import OF_NATION, OF_PLACE, SEATED, Message, parted
from chat.terms import Term
from corpus.regions import find_regions

_MOST = 12  # messages that are looked back at
_WHOLE = (Kind.COMPARISON, Kind.DOCUMENT, Kind.CORPUS)  # kinds whose several questions are answered together
_FIGURES = (Kind.NUMBER, Kind.DATE)  # kinds that are compared by size
_BY_SIZE = re.compile(r"[多高大少低小]")
_TOLD = 0.3  # weight of what a message but tells, at most that share of what it asks


@dataclass(frozen=True)
class Reading:
    """One turn read by itself, before earlier turns are looked at."""

    text: str
    named: Named
    places: Places
    national: bool
    years: tuple[int, ...]
    labels: tuple[str, ...]
    kind: Kind
    topic: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Heard:
    """A turn as understood: the question, what its message asks, and the turn that it goes on from, if any."""

    question: Question
    message: Message
    previous: Question | None


@dataclass(frozen=True)
class Turns:
    """Understands turns by what was said before them. Holds no state between questions."""

    catalog: Catalog
    read: Callable[[str], Reading]  # one turn by itself
    alone: Callable[
        [Reading, bool], Question
    ]  # the same as a question; whether it replaces a part of the one before
    constrain: Callable[[Question], Question]  # a question with the documents that may answer it

    def of(self, history: Sequence[Turn]) -> tuple[list[Question], list[str]]:
        """What was asked before, thanks left out, and what was answered."""
        turns: list[Question] = []
        answers: list[str] = []
        for turn in history[-_MOST:]:
            if not turn.content.strip() or is_courtesy(turn.content):
                continue
            if turn.role == "user":
                turns.append(replace(self.turn(turn.content, turns, answers).question, sides=()))
            elif turns and turn.role == "assistant":
                answers.append(turn.content)
                turns[-1] = refer(turns[-1], turn.content, self.catalog)
        return turns, answers

    def turn(self, text: str, turns: Sequence[Question], answers: Sequence[str]) -> Heard:
        """A turn as asked after others that were answered so."""
        text, denied = normalise(without_signature(text)), ""
        if turns and (anew := closed(text)):
            text, turns = anew, ()
        which, text = pointed_at(text) if turns else ("", text)
        if turns:
            text, denied = corrected(text)
            text = resolved(text, answers)
        message = parted(text, self._weigh)
        reading = self.read(without_return(message.asked) if turns else message.asked)
        previous = _without(turns[-1], denied) if turns else None
        if previous and not reading.places.regions and (level := level_returned_to(message.asked)):
            reading = replace(reading, places=self._returned_to(level, turns) or reading.places)
            if reading.places.regions:  # what further is asked in this turn is asked of it, too
                previous = replace(previous, regions=reading.places.regions, national=False, named=())
        if previous and asks_for_more(text):
            reading = replace(reading, kind=Kind.MEASURES, terms=(), topic="")
            previous = replace(turns[0], kind=Kind.MEASURES, aspects=())
        if which and previous is not None:
            question = self._beside(_meant(which, turns), self.alone(reading, False))
            return Heard(question, message, previous)
        question = self._situated(self._complete(reading, previous), message)
        return Heard(self._passing(question, previous), message, previous)

    def _passing(self, question: Question, previous: Question | None) -> Question:
        """A follow-up on national policy that says in passing where the asker sits (我们公司在沈阳，…)."""
        national = previous and not previous.regions and self.catalog.places.within((), True)
        said = SEATED.search(question.wording) and not OF_PLACE.search(question.wording)
        if not (national and said and question.missing_regions and not question.regions):
            return question
        return replace(question, missing_regions=(), seat=question.missing_regions, national=True)

    def _beside(self, earlier: Question, own: Question) -> Question:
        """A comparison of what an earlier turn asked with what is named now, of which the same is asked."""
        if not (own.regions or own.named or own.national):
            own = replace(own, regions=earlier.regions, national=earlier.national, named=earlier.named)
        if earlier.kind not in _FIGURES and _BY_SIZE.search(own.wording):
            earlier = replace(earlier, kind=Kind.NUMBER, roles=frozenset(), aspects=())
        if earlier.kind in _FIGURES or own.kind in (Kind.COMPARISON, Kind.OPEN) or not own.terms:
            own = replace(own, kind=earlier.kind, wording=earlier.wording, roles=earlier.roles)
        held = {term.word for term in own.terms}
        setting = (replace(t, weight=t.weight * _TOLD) for t in earlier.terms if t.word not in held)
        other = (
            replace(own, terms=(*own.terms, *setting))
            if own.terms
            else replace(
                own, terms=earlier.terms, topic=earlier.topic, standalone=f"{own.standalone} {earlier.topic}"
            )
        )
        return replace(
            own, kind=Kind.COMPARISON, follows=True, earlier=earlier, sides=(("", earlier), ("", other))
        )

    def _returned_to(self, level: str, turns: Sequence[Question]) -> Places | None:
        """The region of that level that was spoken of last, or that holds the one that was."""
        for turn in reversed(turns):
            for region in turn.regions:
                within = [name for name in self.catalog.places.regions if region.startswith(name)]
                for name in sorted(within, key=len, reverse=True):
                    if level in _levels_of(name):
                        return Places((name,))
        return None

    def beside_earlier(self, question: Question) -> Question:
        """A comparison with what an earlier turn asked: each as a question of its own."""
        sides = []
        for _, side in question.sides:
            given = replace(side, filters=question.filters, as_of=question.as_of, script=question.script)
            sides.append((self._called(given), self.constrain(replace(given, sides=(), parts=()))))
        if len({name for name, _ in sides}) < len(sides):
            sides = [(side.topic, side) for _, side in sides]
        ids = [side.documents for _, side in sides]
        every = None if None in ids else tuple(dict.fromkeys(i for own in ids for i in own or ()))
        regions = tuple(dict.fromkeys(region for _, side in sides for region in side.regions))
        return replace(question, sides=tuple(sides), documents=every, regions=regions)

    def _called(self, question: Question) -> str:
        """What a side of a comparison is called: its region, else its document, else its matter."""
        if question.regions:
            return "、".join(question.regions)
        titles = [d.title for d in self.catalog.documents if d.id in question.named]
        return titles[0] if len(titles) == 1 else "国家" if question.national else question.topic

    def _weigh(self, text: str) -> float:
        return sum(term.weight for term in self.read(text).terms)

    def _situated(self, question: Question, message: Message) -> Question:
        """A question with what its message tells: where the asker sits, and the setting with little weight."""
        if not message.told:
            return question
        told, setting = self.read(message.told), self.read(" ".join((message.setting, *message.grades)))
        sits = self.read(message.profile).places if message.profile else told.places
        changes: dict[str, object] = {"told": message.told}
        nation = bool(OF_NATION.search(message.asked)) and not OF_PLACE.search(message.asked)
        if set(question.missing_regions) <= set(sits.missing) and set(question.regions) <= set(sits.regions):
            # Nothing is asked of a place but that the asker sits there.
            regions = question.regions or sits.regions
            changes |= {
                "regions": () if nation else regions,
                "narrowed": sits.narrowed,
                "missing_regions": (),
            }
            held = bool(self.catalog.places.within((), True))
            if nation:
                changes["national"] = True
            elif question.named or question.national:
                changes |= {"regions": question.regions, "narrowed": question.narrowed}
            elif regions:
                changes["seated"] = not question.regions and not OF_PLACE.search(message.asked)
            elif OF_PLACE.search(message.asked) or not held:
                changes["missing_regions"] = sits.missing
            elif sits.missing:
                changes |= {"seat": sits.missing, "national": True}
        if not question.named:
            changes["named"] = told.named.documents
        own = {term.word for term in question.terms}
        added = [term for term in setting.terms if term.word not in own]
        weight = sum(term.weight for term in question.terms)
        share = min(_TOLD, _TOLD * weight / max(sum(term.weight for term in added), 1.0))
        changes["terms"] = (*question.terms, *(replace(t, weight=t.weight * share) for t in added))
        changed = replace(question, **changes)  # type: ignore[arg-type]
        where = [region for region in changed.regions if region not in changed.standalone]
        return replace(changed, standalone=" ".join((*where, changed.standalone)))

    def parts(self, question: Question, message: Message, previous: Question | None) -> tuple[Question, ...]:
        """The questions of a turn that asks several, each understood as asked after the one before it."""
        if question.kind in _WHOLE or question.sides or question.labels:
            return ()
        found: list[Question] = []
        for text in parts_of(message.asked):
            part = self._complete(self.read(text), found[-1] if found else previous)
            part = self._situated(part, message)
            part = replace(
                part,
                text=text,
                history=question.history,
                filters=question.filters,
                as_of=question.as_of,
                script=question.script,
            )
            found.append(self.constrain(part))
        if any(part.kind in (Kind.COMPARISON, Kind.CORPUS) for part in found):
            return ()
        return tuple(found)

    def _complete(self, reading: Reading, previous: Question | None) -> Question:
        """A turn with what the turns before it said, where it leaves that out."""
        own = self.alone(reading, previous is not None and switches(reading.text))
        return own if previous is None else complete(own, previous, self.catalog)


def _without(question: Question, denied: str) -> Question:
    """A question without the words that a later turn takes back."""
    kept = tuple(term for term in question.terms if term.word not in denied)
    return replace(question, terms=kept) if denied and kept else question


def _meant(which: str, turns: Sequence[Question]) -> Question:
    """The earlier turn that is pointed at: the first, or the last that a figure was asked of."""
    if which == "first":
        return turns[0]
    return next((turn for turn in reversed(turns) if turn.kind in _FIGURES), turns[-1])


def _levels_of(region: str) -> str:
    """省, 市, or 县区 of a region; 省市 of a city that is a province."""
    last = find_regions(region)[-1:]
    if not last or last[0].end < len(region):
        return "县区"
    if last[0].city == last[0].province:
        return "省市"
    return "市" if last[0].city else "省"
