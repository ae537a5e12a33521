"""Equations and an unknown, in many wordings: what is proposed, and where nothing may be."""

from __future__ import annotations

import pytest

from verideck.cards import Kind, Subject
from verideck.reading.items import Item, ItemOption
from verideck.verifying import formulas
from verideck.verifying.evaluator import evaluate
from verideck.verifying.recognising import equations, recognise
from verideck.verifying.recognising.stated import statements

BLOCK = "y_1 = x_1 + F(x_2), y_2 = x_2 + G(y_1)"


def item(question: str, body: str = "", options: tuple[str, ...] = (), answer: str = "") -> Item:
    kind = Kind.CHOICE if options else Kind.RECALL
    written = tuple(ItemOption(text, 3 + place) for place, text in enumerate(options))
    return Item("page", 2, kind, question, body=body, options=written, answer=answer)


def formula(asked: Item) -> str:
    """Solve what is proposed, with the library's own functions; empty where nothing is."""
    found = tuple(equations.recognise(asked))
    assert len(found) < 2
    if not found:
        return ""
    assert found[0].subject is Subject.ANSWER
    done = evaluate(found[0].code, {"equations": formulas.equations, "solve": formulas.solve}, {})
    assert not done.faults
    return str(done.assertions[0].value)


SOLVED = [
    ("How do you get x_2 back?", f"A block computes {BLOCK}.", "x_2 = y_2 - G(y_1)"),
    ("Recover $x_1$ from $y_1$ and $y_2$.", f"The block is {BLOCK}.", "x_1 = y_1 - F(y_2 - G(y_1))"),
    (f"With {BLOCK}, what is x_1, given y_1 and x_2?", "", "x_1 = y_1 - F(x_2)"),
    (
        "Let $u_1 = v_1 + H(v_2)$ and $u_2 = v_2 + K(u_1)$. How would you restore $v_2$?",
        "",
        "v_2 = u_2 - K(u_1)",
    ),
    (
        "Plain layer:\n$p_a = x + Attention(x)$\n$p_b = p_a + FF(p_a)$\nReversible layer:\n"
        "$p_1 = q_1 + Attention(q_2)$\n$p_2 = q_2 + FF(p_1) \\\\$\n"
        "We obtain q_1 by\n$q_1 = p_1 - Attention(q_2)$\nHow is q_2 recomputed?",
        "",
        "q_2 = p_2 - FF(p_1)",
    ),
    (
        "Plain layer:\ny_1 = x + F(x)\nReversible:\ny_1 = x_1 + F(x_2)\ny_2 = x_2 + G(y_1)\nRecover x_2.",
        "",
        "x_2 = y_2 - G(y_1)",
    ),
    (
        r"\(y_1 = x_1 + \operatorname{Attn}(x_2)\), \(y_2 = x_2 + \mathrm{MLP}(y_1)\). Express \(x_2\).",
        "",
        "x_2 = y_2 - MLP(y_1)",
    ),
    ("`b1 = a1 - f(a2)` and `b2 = a2 - g(b1)`. How can a2 be reconstructed?", "", "a_2 = b_2 + g(b_1)"),
    ("`b1 = a1 - f(a2)` and `b2 = a2 - g(b1)`. Reconstruct a2.", "", "a_2 = b_2 + g(b_1)"),
    ("Solve 3x + 6 = 21 for x.", "", "x = (21 - 6) / 3"),
    ("If 2*a + b = 7 and b = 3, what is `a`?", "", "a = (7 - 3) / 2"),
    ("The loss is L = a + b. How do you compute b, given L and a?", "", "b = L - a"),
    ("What is y_2?", BLOCK, "y_2 = x_2 + G(x_1 + F(x_2))"),
    ("Speed is v = s / t. Solve for s.", "", "s = v * t"),
    ("$igcirc$ $y_1 = x_1 + F(x_2)$ $igcirc$ $y_2 = x_2 + G(y_1)$ Recompute x_2.", "", "x_2 = y_2 - G(y_1)"),
    ("d_k = d_model / h. What is d_k for d_model = 512 and h = 8?", "", "d_k = 512 / 8"),
    ("A shop sells at p = c + m. Which formula gives c?", "", "c = p - m"),
]


@pytest.mark.parametrize(("question", "body", "solved"), SOLVED)
def test_the_unknown_is_solved_for(question: str, body: str, solved: str) -> None:
    assert formula(item(question, body)) == solved


NOTHING = [
    ("Given y = x + f(x), how would you recover x from y?", "", ()),  # it cannot be solved
    ("A layer computes y = x + F(x). What is the point of the sum?", "", ()),
    (f"Recover x_1 and x_2 from {BLOCK}.", "", ()),  # two at once
    (f"What is the role of x_2 in {BLOCK}?", "", ()),
    (f"How would you recompute x_2? {BLOCK}", "", ("By keeping it", "By guessing it")),
    ("With batch_size=2 and seq_len=5, what is the output's shape?", "", ("(2, 5)", "(5, 2)")),
    ("y_1 = x_1 + F(x_2), F(x) = 2x, x_1 = 1, x_2 = 2. What is y_1?", "", ("5", "3")),
    ("y_1 = x_1 + F(x_2), F(x) = 2x, x_1 = 1, x_2 = 2. What is y_1?", "", ()),  # even with the options lost
    ("y_1 = x_1 + F(x_2), where F doubles, x_1 = 1, x_2 = 2. What is y_1?", "", ("5", "3")),
    ("y_1 = x_1 + F(x_2), with values from a table. What is y_1?", "", ("5", "3")),
    ("Given a = 3 and b = a + 2, calculate b * 2.", "", ()),
    (f"Given {BLOCK}, find z.", "", ()),
    (f"Given {BLOCK}, find x_2 from y_1.", "", ()),  # what is known is not enough
    ("y = x + F(x) here; y = x_1 + F(x_2), z = x_2 + G(y) there. Recover x_2?", "", ()),  # two blocks in one
    ("Which equation recovers $x_2$ in $y_2 = x_2 - G(x_2)$?", "", ()),
    ("How many layers has a model with h = 8?", "", ("8", "12")),
    ("", "", ()),
    ("= = = ? what is x", "x = = 3 (", ()),
    ("What does softmax(x) = exp(x) / sum(exp(x)) normalise?", "", ("Rows", "Columns")),
]


@pytest.mark.parametrize(("question", "body", "options"), NOTHING)
def test_nothing_is_proposed(question: str, body: str, options: tuple[str, ...]) -> None:
    assert formula(item(question, body, options)) == ""


def test_the_page_s_own_way_back_is_no_part_of_the_system() -> None:
    (found,) = equations.recognise(item("How is x_2 recovered?", f"{BLOCK}, x_1 = y_1 - F(x_2)"))
    assert found.code.startswith('block = equations("y_1 = x_1 + F(x_2)", "y_2 = x_2 + G(y_1)")\n')


def test_another_known_name_is_a_convention() -> None:
    (found,) = equations.recognise(item("How do you get x_2 back?", BLOCK))
    assert [one.name for one in found.conventions] == ["`x_1` known, too"]
    assert found.conventions[0].code.endswith('known=["x_1", "y_1", "y_2"])')
    assert found.complete
    assert found.message == "the equations give `x_2 = y_2 - G(y_1)`"


def test_an_equation_that_cannot_be_read_leaves_it_incomplete() -> None:
    (found,) = equations.recognise(item(f"$z = (x$. {BLOCK}. Recover x_2."))
    assert not found.complete


def test_a_number_that_was_not_used_leaves_a_numeral_incomplete() -> None:
    (found,) = equations.recognise(item("y = 2*x + 1 on 7 points. What is y for x = 3?"))
    assert not found.complete
    (found,) = equations.recognise(item("y = 2*x + 1. What is y for x = 3?"))
    assert found.complete


def test_a_turned_question_is_vetoed() -> None:
    found = [
        one
        for one in recognise(item(f"{BLOCK}. Which is NOT x_2? Find x_2."))
        if one.recogniser == "equations"
    ]
    assert [one.veto for one in found] == ["the question says `NOT`"]


@pytest.mark.parametrize(
    "text", ["(" * 4000, "a+" * 2000, "1" * 4000, "a=" * 2000, "$" * 4000, "(a" * 2000 + "="]
)
def test_hostile_text_is_no_work(text: str) -> None:
    assert statements(text).found == ()
