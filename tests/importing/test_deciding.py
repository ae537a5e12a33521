"""Deciding against proposals made by hand: what is found, what is refuted, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from verideck.cards import Kind, Subject, Verdict
from verideck.importing.deciding import Decision, decide
from verideck.problems import Severity
from verideck.reading.items import Item, ItemOption, Lost, Mark
from verideck.verifying import executors
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from verideck.verifying.records import Outcome
    from verideck.verifying.worker import Job


def options(*texts: str, tick: int = 0) -> tuple[ItemOption, ...]:
    return tuple(ItemOption(text, 10 + n, ticked=n == tick) for n, text in enumerate(texts, 1))


def item(*texts: str, tick: int = 0, **more: object) -> Item:
    lost = () if tick else (Lost.KEY,)
    made = Item("own", 3, Kind.CHOICE, "What is it?", options=options(*texts, tick=tick), lost=lost)
    return replace(made, **more)  # type: ignore[arg-type]  # fields of an item


def typed(answer: str, **more: object) -> Item:
    made = Item("own", 3, Kind.TYPED, "What is it?", accepted=(answer,) if answer else ())
    return replace(made, **more)  # type: ignore[arg-type]  # fields of an item


def check(code: str, subject: Subject = Subject.ANSWER, **more: object) -> Proposal:
    return replace(Proposal("own", code, subject, 3, complete=True), **more)  # type: ignore[arg-type]  # fields


def one(item: Item, *proposals: Proposal) -> Decision:
    return decide([item], [proposals])[0]


HALF = check("answer == softmax([1, 1])")
RUN = check("", program=True)


def test_nothing_proposed_decides_nothing() -> None:
    assert one(item("a", "b", tick=1)) == Decision(Verdict.UNCHECKED)
    assert one(item("a", "b")) == Decision(Verdict.SOURCE_LOST, lost=(Lost.KEY,))


def test_all_items_are_computed_in_one_batch_and_equal_code_once() -> None:
    batches: list[int] = []

    def compute(jobs: Sequence[Job], progress: Callable[[int, int], None]) -> list[Outcome]:
        batches.append(len(jobs))
        return executors.compute_all(jobs, progress)

    items = [item("[0.5, 0.5]", "[1, 0]"), item("[0.5, 0.5]", "[0, 1]"), item("3", "4")]
    found = decide(items, [[HALF], [HALF], [check("answer == 1 + 2")]], compute)
    assert batches == [2]
    assert [one.ticks for one in found] == [(1,), (1,), (1,)]


def test_a_key_is_found_and_no_longer_lost() -> None:
    found = one(item("[0.7, 0.3]", "[0.5, 0.5]", "[1.0, 0.0]"), HALF)
    assert (found.verdict, found.subject, found.ticks) == (Verdict.KEY_FOUND, Subject.ANSWER, (2,))
    assert (found.lost, found.checks, found.run, found.problems) == ((), (HALF.code,), False, ())
    assert found.computed == "[0.5, 0.5]"


def test_a_stated_key_is_verified_or_refuted() -> None:
    assert one(item("[0.7, 0.3]", "[0.5, 0.5]", tick=2), HALF).verdict is Verdict.VERIFIED
    found = one(item("[0.7, 0.3]", "[0.5, 0.5]", tick=1), HALF)
    assert (found.verdict, found.subject, found.ticks) == (Verdict.REFUTED, Subject.ANSWER, ())
    assert found.checks == (HALF.code,)
    (problem,) = found.problems
    assert problem.severity is Severity.ERROR
    assert (
        problem.message
        == "the key is option 1 `[0.7, 0.3]`, but option 2 `[0.5, 0.5]` is the computed `[0.5, 0.5]`"
    )


@pytest.mark.parametrize("more", [{"complete": False}, {"veto": "the question says `NOT`"}])
def test_what_is_incomplete_or_vetoed_finds_and_refutes_nothing(more: dict[str, object]) -> None:
    proposal = replace(HALF, **more)  # type: ignore[arg-type]  # fields of a proposal
    stated = one(item("[0.7, 0.3]", "[0.5, 0.5]", tick=1), proposal)
    assert (stated.verdict, stated.checks, stated.problems) == (Verdict.UNCHECKED, (), ())
    unkeyed = one(item("[0.7, 0.3]", "[0.5, 0.5]"), proposal)
    assert (unkeyed.verdict, unkeyed.ticks) == (Verdict.SOURCE_LOST, ())
    assert one(item("[0.7, 0.3]", "[0.6, 0.4]"), proposal).problems == ()


def test_a_soft_word_lets_a_right_key_stand_and_a_turning_one_does_not() -> None:
    soft, turned = (replace(HALF, veto=f"the question says `{word}`") for word in ("approximately", "NOT"))
    right = item("[0.7, 0.3]", "[0.5, 0.5]", tick=2)
    assert one(right, soft).verdict is Verdict.VERIFIED
    assert one(right, turned).verdict is Verdict.UNCHECKED


BITS = check(
    "answer == entropy([0.5, 0.5])",
    conventions=(Convention("in bits", "answer == entropy([0.5, 0.5]) / log(2)"),),
)


def test_refuted_means_wrong_under_every_convention() -> None:
    assert one(item("0.693", "1.000", "0.301", tick=1), BITS).verdict is Verdict.VERIFIED
    found = one(item("0.693", "1.000", "0.301", tick=2), BITS)
    assert (found.verdict, found.claims[0].convention) == (Verdict.VERIFIED, "in bits")
    assert found.checks == (BITS.conventions[0].code,)
    assert one(item("0.693", "1.000", "0.301", tick=3), BITS).verdict is Verdict.REFUTED


def test_conventions_that_pick_different_options_find_nothing_and_it_is_said() -> None:
    found = one(item("0.693", "1.000", "0.301"), BITS)
    assert (found.verdict, found.ticks, found.lost) == (Verdict.SOURCE_LOST, (), (Lost.KEY,))
    assert "hangs on the convention" in found.problems[0].message
    assert found.problems[0].severity is Severity.WARNING
    only = one(item("0.5", "1.000", "0.301"), BITS)
    assert (only.ticks, only.verdict) == ((), Verdict.SOURCE_LOST)
    assert "is right only where in bits" in only.problems[0].message


def test_no_option_needs_two_that_can_be_compared_and_none_in_words() -> None:
    found = one(item("[0.7, 0.3]", "[1.0, 0.0]"), HALF)
    assert (found.verdict, found.subject, found.offered) == (Verdict.NO_OPTION, Subject.ANSWER, "[0.5, 0.5]")
    assert found.lost == (Lost.KEY,)
    assert one(item("[0.7, 0.3]", "[1.0, 0.0]", tick=1), HALF).verdict is Verdict.NO_OPTION
    for texts in (
        ["[0.7, 0.3]"],
        ["[0.7, 0.3]", "[1.0, 0.0]", "None of these"],
        ["[0.7, 0.3, 0.1]", "[1, 0, 0]"],
    ):
        found = one(item(*texts), HALF)
        assert (found.verdict, found.problems) == (Verdict.SOURCE_LOST, ()), texts


@pytest.mark.parametrize("spoilt", [{"blank": True, "text": ""}, {"fused": True}])
def test_no_option_is_never_said_where_one_is_lost_or_fused(spoilt: dict[str, object]) -> None:
    whole = item("[0.7, 0.3]", "[1.0, 0.0]", "[0.2, 0.8]")
    first, *rest = whole.options
    broken = replace(whole, options=(replace(first, **spoilt), *rest))  # type: ignore[arg-type]  # fields
    assert one(broken, HALF).problems == ()
    assert one(replace(whole, lost=(Lost.OPTIONS, Lost.KEY)), HALF).problems == ()


def test_the_derived_inverse_is_offered() -> None:
    code = 'block = equations("b = a + 3c")\nanswer == solve(block, "a", known=["b", "c"])'
    found = one(item("$a = b + 3c$", "$a = 3c - b$"), check(code))
    assert (found.verdict, found.offered) == (Verdict.NO_OPTION, "$a = b - 3 * c$")


def test_two_options_that_equal_are_said() -> None:
    coarse = item("[0.5, 0.5]", "[0.500, 0.500]", "[1, 0]", tick=1)
    assert one(coarse, HALF).verdict is Verdict.SEVERAL_OPTIONS
    assert (
        one(replace(coarse, options=options("[0.5, 0.5]", "[0.500, 0.500]", tick=2)), HALF).verdict
        is Verdict.VERIFIED
    )
    assert one(item("0.5", "1/2", "3"), check("answer == 1 / 2")).verdict in (
        Verdict.KEY_FOUND,
        Verdict.SEVERAL_OPTIONS,
    )
    assert (
        one(item("(2, 3)", "[2, 3]", "(3, 2)"), check("answer == (2, 3)")).verdict is Verdict.SEVERAL_OPTIONS
    )


def test_checks_that_contradict_each_other_decide_nothing() -> None:
    found = one(item("[0.7, 0.3]", "[0.5, 0.5]", tick=2), HALF, check("answer == [0.7, 0.3]"))
    assert (found.verdict, found.checks) == (Verdict.UNCHECKED, ())
    assert "contradict each other" in found.problems[0].message


def test_what_cannot_be_evaluated_is_listed_and_nothing_else() -> None:
    found = one(item("3", "4"), check("answer == nonsense(3)"))
    assert (found.verdict, found.checks, found.problems) == (Verdict.SOURCE_LOST, (), ())
    assert [claim.verdict for claim in found.claims] == [Verdict.NOT_EVALUATED]


def test_options_one_by_one() -> None:
    claims = [
        check(f'option("{word}", {truth})', Subject.OPTION)
        for word, truth in (("up", "1 > 2"), ("down", "1 < 2"))
    ]
    assert one(item("goes up", "goes down"), *claims).ticks == (2,)
    assert one(item("goes up", "goes down", tick=2), *claims).verdict is Verdict.VERIFIED
    refuted = one(item("goes up", "goes down", tick=1), *claims)
    assert (refuted.verdict, refuted.subject) == (Verdict.REFUTED, Subject.ANSWER)
    undecided = one(item("goes up", "goes down", "stays"), *claims)
    assert (undecided.verdict, undecided.ticks) == (Verdict.SOURCE_LOST, ())


def test_a_written_answer() -> None:
    code = check("answer == (2, 5, 64)")
    assert one(typed("2 x 5 x 64"), code).verdict is Verdict.VERIFIED
    assert one(typed("2 x 5 x 8"), code).verdict is Verdict.REFUTED
    assert one(typed("it depends"), code).verdict is Verdict.UNCHECKED
    assert one(typed("2 x 5 x 8"), replace(code, complete=False)).verdict is Verdict.UNCHECKED
    lost = one(typed("", lost=(Lost.ANSWER,)), code)
    assert (lost.verdict, lost.computed, lost.checks) == (Verdict.SOURCE_LOST, "(2, 5, 64)", (code.code,))


def test_an_explanation_beside_a_lost_key() -> None:
    wrong = check("explanation(1 > 2)", Subject.EXPLANATION, message="the explanation says that one is more")
    found = one(item("a", "b"), wrong)
    assert (found.verdict, found.claims[0].verdict) == (Verdict.SOURCE_LOST, Verdict.REFUTED)
    assert (found.problems[0].severity, found.checks) == (Severity.ERROR, (wrong.code,))
    stated = one(item("a", "b", tick=1), wrong)
    assert (stated.verdict, stated.subject) == (Verdict.REFUTED, Subject.EXPLANATION)
    weak = one(item("a", "b", tick=1), replace(wrong, weak=True))
    assert (weak.verdict, weak.checks) == (Verdict.IMPRECISE, ())
    assert weak.problems[0].severity is Severity.WARNING


def test_a_remark_beside_an_answer_that_is_found_leaves_it_found() -> None:
    remark = check("explanation(1 > 2)", Subject.EXPLANATION, weak=True, message="by the way")
    found = one(item("[0.5, 0.5]", "[1, 0]"), HALF, remark)
    assert (found.verdict, len(found.problems)) == (Verdict.KEY_FOUND, 1)


def test_what_an_explanation_claims_is_held_against_the_value() -> None:
    says = check(
        "answer == (2, 5, 64)", Subject.EXPLANATION, claimed="(2, 5, 128)", message="the shape is another"
    )
    assert one(item("a", "b", tick=1), says).verdict is Verdict.REFUTED
    assert one(item("a", "b", tick=1), replace(says, claimed="(2, 5, 64)")).verdict is Verdict.UNCHECKED


PROGRAM = "import torch\nx = torch.softmax(torch.zeros(2), dim=0)\nprint(x)"


def test_a_program_decides() -> None:
    found = one(item("tensor([0.5000, 0.5000])", "tensor([1., 0.])", code=PROGRAM), RUN)
    assert (found.verdict, found.ticks, found.run, found.checks) == (Verdict.KEY_FOUND, (1,), True, ())
    gone = one(Item("own", 3, Kind.CHOICE, "?", code=PROGRAM, lost=(Lost.OPTIONS, Lost.KEY)), RUN)
    assert (gone.verdict, gone.computed, gone.run) == (Verdict.SOURCE_LOST, "tensor([0.5000, 0.5000])", True)


def test_a_program_that_leaves_it_to_chance_decides_only_what_chance_does_not_change() -> None:
    code = "import torch\nx = torch.rand(2, 3)\nprint({})"
    shape = one(item("torch.Size([2, 3])", "torch.Size([3, 2])", code=code.format("x.shape")), RUN)
    assert shape.ticks == (1,)
    value = one(item("0.5", "0.7", code=code.format("x.sum()")), RUN)
    assert (value.ticks, value.run, value.claims[0].verdict) == ((), False, Verdict.NOT_EVALUATED)


def test_a_label_beside_a_printed_value_refutes_nothing_and_finds_the_key() -> None:
    code = 'import torch\nprint("shape:", torch.ones(2, 3).shape)'
    found = one(item("torch.Size([2, 3])", "torch.Size([3, 2])", code=code), RUN)
    assert found.ticks == (1,)
    assert one(item("torch.Size([6])", "torch.Size([3, 2])", code=code), RUN).problems == ()
    assert (
        one(item("shape: torch.Size([2, 3])", "other: 3", tick=1, code=code), RUN).verdict is Verdict.VERIFIED
    )


def test_readings_of_joined_code_that_differ_decide_nothing() -> None:
    code, other = "x = 3\ny = x -1\nprint(x)", "x = 3\nx = 4\nprint(x)"
    joined = item("3", "4", code=code, joined=True, readings=(other,))
    found = one(joined, RUN)
    assert (found.ticks, found.run, found.claims[0].verdict) == ((), False, Verdict.NOT_EVALUATED)
    assert one(replace(joined, readings=(code + "\n",)), RUN).ticks == (1,)
    assert one(replace(joined, readings=("print(3) + 1",)), RUN).ticks == (1,)  # a reading that fails is none


def test_marks_of_a_scan_are_no_key_and_are_mentioned() -> None:
    plain = item("[0.7, 0.3]", "[0.5, 0.5]")
    first, second = plain.options
    against = replace(plain, options=(replace(first, mark=Mark.TICKED), second))
    found = one(against, HALF)
    assert (found.ticks, found.verdict) == ((2,), Verdict.KEY_FOUND)
    assert "the scan shows a tick at option 1 `[0.7, 0.3]`, but option 2" in found.problems[0].message
    agreed = one(replace(plain, options=(first, replace(second, mark=Mark.TICKED))), HALF)
    assert "too" in agreed.problems[0].message
    assert one(against).ticks == ()


def test_the_worst_claim_decides() -> None:
    wrong = check("explanation(1 > 2)", Subject.EXPLANATION)
    found = one(item("[0.7, 0.3]", "[1.0, 0.0]", tick=1), HALF, wrong)
    assert (found.verdict, found.subject) == (Verdict.REFUTED, Subject.EXPLANATION)


def test_a_figure_of_the_literature_is_to_be_cited() -> None:
    cite = Proposal(
        "literature", "", Subject.ANSWER, 3, cite='cited("reformer", "table 4")', message="the paper says 3"
    )
    found = one(item("3", "4"), cite)
    assert (found.verdict, found.ticks) == (Verdict.SOURCE_LOST, ())
    assert "the paper says 3" in found.problems[0].message
