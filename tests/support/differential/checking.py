"""A question asked of everybody: whether the answers are one, and how many were asked or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.support.differential.askers import Crm, Question, Refusal, meant
from tests.support.differential.cases import Case
from tests.support.differential.population import Rows

Answers = Mapping[str, frozenset[str]]


class Everybody:
    """All who answer. The CRMs are asked at once: most of the time is theirs."""

    def __init__(self, crms: Sequence[Crm], rows: Rows) -> None:
        self.crms, self._rows = crms, rows
        self._pool = ThreadPoolExecutor(len(crms))

    def __enter__(self) -> Everybody:
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown()

    def ask(self, question: Question) -> tuple[Answers, Mapping[str, Refusal]]:
        """Answers by who gave them, and refusals by the CRM for which the condition was refused."""
        answers: dict[str, frozenset[str]] = {}
        refusals: dict[str, Refusal] = {}
        for crm, found in zip(self.crms, self._pool.map(lambda crm: _ask(crm, question), self.crms), strict=True):
            if isinstance(found, Refusal):
                refusals[crm.name] = found
            else:
                answers |= found
        meaning = meant(question, self._rows) if answers else None
        return (answers if meaning is None else {**answers, "the language": meaning}), refusals


def _ask(crm: Crm, question: Question) -> Answers | Refusal:
    """The server's answer and the local evaluator's; a refusal must have cost no search."""
    before = crm.reader.searches
    bound = crm.bound(question)
    assert crm.reader.searches == before, "binding searches for nothing"
    if isinstance(bound, Refusal):
        assert bound.why, "a refusal has a reason"
        return bound
    return {crm.name: crm.select(bound, question), f"{crm.name}, evaluated here": crm.evaluate(bound, question)}


@dataclass
class Tally:
    """What became of the conditions: how many different ones, and how many each CRM answered or refused."""

    seed: int | None = None
    cases: int = 0
    agreed: set[str] = field(default_factory=set)
    wrong: bool = False
    answered: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def needs(self, question: Question, wanted: int) -> bool:
        """Whether to ask it: it is new, and somebody has not answered so many. After a difference everything is asked
        that Hypothesis wants to know, to make it small."""
        return repr(question) not in self.agreed and (self.wrong or not self.enough(wanted))

    def enough(self, wanted: int) -> bool:
        """Whether every CRM has answered so many different conditions."""
        return bool(self.answered) and min(self.answered.values()) >= wanted

    def count(self, question: Question, everybody: Everybody, refusals: Mapping[str, Refusal]) -> None:
        """Note who answered one condition, and who refused it."""
        self.agreed.add(repr(question))
        for crm in everybody.crms:
            (self.refused if crm.name in refusals else self.answered)[crm.name] += 1

    def lines(self) -> list[str]:
        """What to print."""
        found = [f"kept cases: {self.cases}", f"seed: {self.seed}"] if self.cases else [f"seed: {self.seed}"]
        found.append(f"different conditions: {len(self.agreed)}")
        for name in self.answered:
            found.append(f"{name}: {self.answered[name]} answered alike, {self.refused[name]} refused with a reason")
        return found


def differences(answers: Answers) -> str:
    """Who answers otherwise than most, and how; "" where all agree."""
    if len(set(answers.values())) < 2:
        return ""
    ((usual, _votes),) = Counter(answers.values()).most_common(1)
    lines = [f"most take {sorted(usual)}"]
    for who, found in answers.items():
        if found != usual:
            lines.append(f"{who}: also {sorted(found - usual)}, but not {sorted(usual - found)}")
    return "\n".join(lines)


def check_case(case: Case, everybody: Everybody) -> None:
    """A kept case is answered as it says by everybody, or refused by every CRM."""
    answers, refusals = everybody.ask(Question(case.condition, case.group.model, of_company=case.of_company))
    if case.takes is None:
        assert not answers, f"{sorted(answers)} should refuse {case.condition}"
        return
    assert not refusals, refusals
    own = case.group.rows[case.group.model].keys()
    wrong = {who: sorted(found & own) for who, found in answers.items() if found & own != case.takes}
    assert not wrong, f"{case.condition} takes {sorted(case.takes)}"
