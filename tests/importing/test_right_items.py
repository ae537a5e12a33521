"""Right items in the words of nobody else's tests: none is refuted, no wrong key is found.

NOT and EXCEPT, about and at most, figures beside the point, programs that print several values.
"""

from __future__ import annotations

from dataclasses import replace

from verideck.cards import Kind, Verdict
from verideck.importing.deciding import decide
from verideck.reading.items import Item, ItemOption, Lost
from verideck.verifying.recognising import recognise

WRONG = {
    Verdict.REFUTED,
    Verdict.NO_OPTION,
    Verdict.SEVERAL_OPTIONS,
    Verdict.NOT_EVALUATED,
    Verdict.IMPRECISE,
}


def choice(question: str, options: list[str], right: int, code: str = "") -> Item:
    made = tuple(
        ItemOption(text, 3 + place, "ABC"[place], ticked=place + 1 == right)
        for place, text in enumerate(options)
    )
    language, line = ("python", 2) if code else ("", 0)
    return Item(
        "challenge", 1, Kind.CHOICE, question, options=made, code=code, language=language, code_line=line
    )


def recall(question: str, answer: str, explanation: str = "", code: str = "") -> Item:
    language, line = ("python", 2) if code else ("", 0)
    return Item(
        "recall", 1, Kind.RECALL, question, answer=answer, explanation=explanation, explanation_line=4,
        code=code, language=language, code_line=line,
    )  # fmt: skip


ITEMS = (
    choice(
        "Which of these is NOT the softmax of the scores [1, 1]?",
        ["[0.5, 0.5]", "[1.0, 1.0]", "[1/2, 1/2]"],
        2,
    ),
    choice(
        "All of these have the shape of the output for a batch of 4 sequences of 9 tokens, 32 "
        "features and 8 heads EXCEPT",
        ["(4, 9, 32)", "(4, 8, 9, 9)", "torch.Size([4, 9, 32])"],
        2,
    ),
    choice(
        "Roughly how many parameters has a linear layer from 1,000 to 1,000 units with bias?",
        ["about 1 million", "about 1 thousand", "about 2 million"],
        1,
    ),
    choice(
        "Of a 6-token sentence with a 48-wide model and 6 heads, which width does each head work on?",
        ["6", "8", "48"],
        2,
    ),
    choice(
        "A multi-head layer is 96 wide and has 12 heads. How large are the queries of one head?",
        ["12", "8", "96"],
        2,
    ),
    choice(
        "What is printed last?", ["3", "7", "21"], 3, code="a = 3\nprint(a)\nb = 7\nprint(b)\nprint(a * b)"
    ),
    choice(
        "What does the second print show?",
        ["3", "7", "21"],
        2,
        code="a = 3\nprint(a)\nb = 7\nprint(b)\nprint(a * b)",
    ),
    choice(
        "Which line of output comes first?",
        ["0.5", "0.25", "0.75"],
        2,
        code="x = 0.25\nprint(x)\nprint(2 * x)\nprint(3 * x)",
    ),
    choice(
        "How many lines does this program print?",
        ["2", "3", "4"],
        2,
        code="for n in range(3):\n    print(n + 1)",
    ),
    choice("What is the type of the result?", ["int", "float", "list"], 2, code="x = 4 / 2\nprint(x)"),
    choice("What would this print if the 2 were a 3?", ["4", "9", "8"], 2, code="print(2 ** 2)"),
    choice(
        "Which change makes the program print 10?",
        ["replace 4 by 5", "replace 4 by 10", "replace 2 by 4"],
        1,
        code="n = 4\nprint(n * 2)",
    ),
    choice(
        "Why does this program fail with inputs of length 6?",
        ["The mask has 5 places", "The mask has 6 places", "It does not fail"],
        1,
        code="mask = [0] * 5\nprint(len(mask))",
    ),
    choice("A fair coin is thrown. How much entropy has it, in nats?", ["0.693", "1", "0.5"], 1),
    choice("What is the entropy of [0.25, 0.25, 0.25, 0.25]?", ["2 bits", "1 bit", "4 bits"], 1),
    choice("What is the entropy of the weights [0.5, 0.5]?", ["about 0.69", "about 0.30", "about 0.10"], 1),
    choice(
        "A query of [1, 0] meets keys [1, 0] and [0, 1]. Which key gets more weight after softmax?",
        ["The first", "The second", "Both the same"],
        1,
    ),
    choice(
        "Two scores are 2 and 2. After softmax, what part of the value 10 and the value 20 is taken?",
        ["Half of each", "All of the first", "All of the second"],
        1,
    ),
    choice("After dividing by sqrt(64), what does a raw score of 16 become?", ["2", "0.25", "16"], 1),
    choice("How much memory do 2,000,000 parameters in 32-bit floats take?", ["8 MB", "2 MB", "64 MB"], 1),
    choice(
        "How much memory do the weights of a model with 1 billion parameters take in half precision?",
        ["about 2 GB", "about 1 GB", "about 4 GB"],
        1,
    ),
    choice(
        "A sequence grows from 512 to 1024 tokens. By which factor do the attention scores grow?",
        ["4", "2", "8"],
        1,
    ),
    choice(
        "If a sentence has 10 words, how many attention scores does one head compute?", ["10", "100", "20"], 2
    ),
    choice("With a causal mask, how many of the 5 x 5 scores are kept?", ["15", "25", "10"], 1),
    choice(
        "How many parameters do 8 heads have in place of 4 in a 64-wide attention layer, compared?",
        ["The same", "Twice as many", "Half as many"],
        1,
    ),
    choice(
        "Which of the rows could be the output of softmax?",
        ["[0.2, 0.3, 0.5]", "[0.2, 0.3, 0.6]", "[-0.1, 0.6, 0.5]"],
        1,
    ),
    choice(
        "Given $a = b + f(c)$, which gives b back?", ["$b = a - f(c)$", "$b = a + f(c)$", "$b = f(c) - a$"], 1
    ),
    choice(
        "A vocabulary of 5,000 words is embedded in 128 dimensions. How many weights is that?",
        ["640,000", "5,128", "64,000"],
        1,
    ),
    choice(
        "A batch of 16 pictures has 3 channels and 28 by 28 pixels. What shape goes into a "
        "first layer after flattening?",
        ["(16, 2352)", "(16, 784)", "(48, 784)"],
        1,
    ),
    choice("At most how many tokens can a 1024-token model read at once?", ["1024", "2048", "512"], 1),
    choice(
        "Which shape can NOT be multiplied with a matrix of shape (3, 4) from the left?",
        ["(2, 3)", "(5, 4)", "(1, 3)"],
        2,
    ),
    choice("What is the sum of all weights of one query over 12 keys?", ["1", "12", "1/12"], 1),
    choice(
        "Typically, a feed-forward layer of a 512-wide Transformer is how wide?", ["2048", "512", "64"], 1
    ),
    choice(
        "A 4-layer model takes 1 second a step. How long do 8 layers take, if all cost the same?",
        ["2 seconds", "1 second", "4 seconds"],
        1,
    ),
    choice(
        "What does the model print for a batch of two?",
        ["torch.Size([2, 5])", "torch.Size([1, 5])", "torch.Size([5, 2])"],
        1,
        code="import torch\nlayer = torch.nn.Linear(3, 5)\nx = torch.zeros(2, "
        "3)\nprint(layer(x).shape)\nprint(layer(x[:1]).shape)",
    ),
    choice(
        "What shape is printed?",
        ["torch.Size([6, 6])", "torch.Size([2, 6, 6])", "torch.Size([2, 6, 8])"],
        2,
        code="import torch\nm = torch.nn.MultiheadAttention(8, 2, batch_first=True)\nx = "
        "torch.zeros(2, 6, 8)\ny, w = m(x, x, x)\nprint(w.shape)",
    ),
    choice("Select the scores whose softmax is uniform.", ["[3, 3, 3]", "[1, 2, 3]", "[0, 0, 1]"], 1),
    choice("What is softmax([0, ln 3])?", ["[0.25, 0.75]", "[0.75, 0.25]", "[0, 1]"], 1),
    choice("Softmax with temperature 2 of [0, 2] gives which second weight?", ["0.73", "0.88", "0.5"], 1),
    choice("Which percent of the attention goes to a token of weight 0.05?", ["5 %", "0.05 %", "50 %"], 1),
    choice(
        "What shape do the attention weights have, averaged over the heads, for 3 sentences of "
        "8 tokens, 16 features and 4 heads?",
        ["(3, 8, 8)", "(3, 4, 8, 8)", "(3, 8, 16)"],
        1,
    ),
    choice(
        "What is the output of the decoder's cross-attention if the source has 7 tokens, the "
        "target 5, and the batch is 2, with 64 features and 4 heads?",
        ["(2, 5, 64)", "(2, 7, 64)", "(2, 5, 7)"],
        1,
    ),
    choice(
        "For sequence-first tensors of 10 steps, a batch of 4, and 32 features with 8 heads, "
        "what shape has the output?",
        ["(10, 4, 32)", "(4, 10, 32)", "(10, 32, 4)"],
        1,
    ),
    choice(
        "How many weights has a linear layer that maps 20 to 30 features, without bias?",
        ["600", "630", "620"],
        1,
    ),
    choice(
        "Counting biases, how many numbers are learned in a layer of 7 inputs and 3 outputs?",
        ["24", "21", "28"],
        1,
    ),
    recall(
        "What shape does attention give to 2 sequences of 5 words with 16 features?",
        "Again 2 x 5 x 16: one vector a word, e.g. (5, 16) for one sequence.",
    ),
    recall(
        "What is the softmax of equal scores?", "Equal weights: three scores give 0.33 each, two give 0.5."
    ),
    recall(
        "Why scale by $\\sqrt{d}$?",
        "With d = 64 products of 8 become 1.",
        explanation="Without it softmax of [8, 0] is nearly [1, 0].",
    ),
    recall(
        "What does this print?",
        "tensor([0.5000, 0.5000]) and its sum, 1.",
        code="import torch\nw = torch.softmax(torch.tensor([1., 1.]), 0)\nprint(w)\nprint(w.sum())",
    ),
    recall(
        "Do more heads cost more parameters?",
        "No: each head of a 64-wide layer with 8 heads is 8 wide, so the count stays.",
    ),
)


def without_key(item: Item) -> Item:
    options = tuple(replace(option, ticked=False) for option in item.options)
    return replace(item, options=options, lost=(Lost.KEY,))


def test_right_items_are_not_refuted_and_their_keys_are_found_or_left() -> None:
    blank = [without_key(item) for item in ITEMS if item.options]
    items = [*ITEMS, *blank]
    decisions = decide(items, [recognise(item) for item in items])
    wrong = {
        (item.question, decision.verdict)
        for item, decision in zip(items, decisions, strict=True)
        if decision.verdict in WRONG
    }
    assert wrong == set()
    right = {item.question: [n for n, one in enumerate(item.options, 1) if one.ticked] for item in ITEMS}
    found = [
        (item.question, list(decision.ticks))
        for item, decision in zip(items, decisions, strict=True)
        if item.lost and decision.ticks
    ]
    assert found == [(question, right[question]) for question, _ in found]
    assert len(found) >= 8  # few of them can be computed, and those are
