"""Shapes and counts, reversible layers, and hashing."""

from __future__ import annotations

from verideck.verifying.library.calls import costs, lsh, reversible, sizes
from verideck.verifying.library.entries import Entry, entry
from verideck.verifying.library.entries import Parameter as P  # noqa: N817  # the tables read better

BATCH = P("batch", "count", "sequences at a time")
LENGTH = P("length", "count", "the sequences' length", "tokens")
EMBED = P("embed", "count", "features of a token (d_model)")
HEADS = P("heads", "count", "heads; embed divides by them")
HIDDEN = P("hidden", "count", "the feed-forward layer's inner size (d_ff)")
LAYERS = P("layers", "count", "how many layers")
STACK = (
    P("reversible", "flag", "reversible layers, or ordinary residual ones"),
    LAYERS,
    BATCH,
    LENGTH,
    EMBED,
    HIDDEN,
)
BUCKETS = P("buckets", "whole list", "each token's bucket")
CHUNK = P("size", "count", "tokens in a chunk; the length divides by it")
VECTORS = P("vectors", "matrix", "queries and keys in one (n, d)")
VALUES = P("values", "matrix", "values (n, d_v)")
CAUSAL = P("causal", "flag", "later positions are hidden, too")
CONVENTION = P("convention", "convention", "whose choices: the paper's, or an implementation's")
TABLE_3 = "Kitaev et al. 2020, table 3"
SECTION_3 = "Gomez et al. 2017, equations (6) and (7); Kitaev et al. 2020, equations (7) and (8)"
F_AND_G = (P("f", "function", "F, by name"), P("g", "function", "G, by name"))

COUNTING: tuple[Entry, ...] = (
    entry(
        "multihead_shapes", sizes.multihead_shapes,
        "the shapes of nn.MultiheadAttention, outside and inside",
        (
            BATCH, LENGTH, EMBED, HEADS,
            P("keys", "count", "the keys' count, where it is not the length", "tokens"),
            P("average_weights", "flag", "weights averaged over the heads, torch's default"),
            P("batch_first", "flag", "the batch is the first axis, not the second"),
        ),
        "shapes: .input .output .weights .query .key, and the number .head_size",
        "Vaswani et al. 2017, section 3.2.2; nn.MultiheadAttention",
        "answer == multihead_shapes(batch=2, length=5, embed=64, heads=8).output",
        sizes.multihead_shapes_steps, ("shapes",),
    ),
    entry(
        "data_flow", sizes.data_flow,
        "the shapes on the way from tokens to classes: one layer runs, and each stage reports its own",
        (BATCH, LENGTH, EMBED, HEADS, HIDDEN, P("classes", "count", "classes of a token")),
        "shapes: .tokens .embedded .query .scores .weights .heads .context .hidden .feed_forward .logits",
        "Vaswani et al. 2017, section 3.1",
        "answer == data_flow(batch=1, length=10, embed=64, heads=8, hidden=256, classes=5).logits",
        sizes.data_flow_steps, ("flow",),
    ),
    entry(
        "parameters", sizes.parameters, "a layer's trainable numbers",
        (
            P("layer", "layer", "the kind of layer"),
            P("embed", "count", "features (multihead, feed_forward, transformer_layer)"),
            P("heads", "count", "heads (multihead, transformer_layer)"),
            P("bias", "flag", "with biases, which is the default (multihead, linear)"),
            P("head_size", "count", "features of a head, where they are not embed / heads (multihead)"),
            P("inputs", "count", "features in (linear)"),
            P("outputs", "count", "features out (linear)"),
            P("words", "count", "the vocabulary (embedding)"),
            P("size", "count", "features (embedding, layer_norm)"),
            P("hidden", "count", "inner size (feed_forward, transformer_layer)"),
        ),
        "a whole number", "torch.nn's layers", 'answer == parameters("multihead", embed=64, heads=8)',
        sizes.parameters_steps, ("complexity",),
    ),
    entry(
        "saved_bytes", costs.saved_bytes,
        "bytes kept for the backward pass, counted from the tensors autograd keeps",
        (*STACK, HEADS), "a quantity in bytes; numbers are float32, parameters are left out",
        "torch.autograd.graph.saved_tensors_hooks; Gomez et al. 2017, section 3.2",
        "explanation(saved_bytes(reversible=True, layers=12) == saved_bytes(reversible=True, layers=6))",
        costs.saved_bytes_steps, ("training",),
    ),
    entry(
        "operations", costs.operations, "multiply-adds of one training step, recomputation included",
        STACK, "a whole number",
        "Vaswani et al. 2017, table 1; torch.utils.flop_counter counts the same",
        "answer == operations(reversible=True) / operations(reversible=False)", costs.operations_steps,
        ("complexity",),
    ),
    entry(
        "attention_bytes", costs.attention_bytes, "bytes of one layer's attention weights",
        (LENGTH, BATCH, HEADS, P("bytes_per_number", "count", "4 for float32, 2 for float16", "bytes")),
        "a quantity in bytes", "b n_h l² numbers; Kitaev et al. 2020, section 2",
        "answer == attention_bytes(64 * K)", costs.attention_bytes_steps, ("complexity",),
    ),
    entry(
        "memory", costs.memory, "numbers that a Transformer variant holds, up to a constant",
        (
            P("model", "model", "the variant"),
            P("b", "count", "sequences at a time"),
            P("l", "count", "length", "tokens"),
            P("d_model", "count", "features"),
            P("d_ff", "count", "the feed-forward layer's inner size"),
            P("n_h", "count", "heads"),
            P("n_l", "count", "layers"),
            P("n_r", "count", "rounds of hashing"),
            P("c", "count", "numbers per hashed position and round, 128² in the paper"),
        ),
        "a whole number", TABLE_3,
        'answer == memory("transformer", b=1, l=4096, d_ff=4096, n_h=8, n_l=12)',
        costs.memory_steps, ("complexity",),
    ),
    entry(
        "comparisons", costs.comparisons,
        "pairs of query and key compared: l², or l · 2m in each round of hashing",
        (
            LENGTH,
            P("buckets", "count", "buckets, for chunks of 2 · length / buckets tokens"),
            P("rounds", "count", "rounds of hashing"),
            P("chunk", "count", "the chunk's length m", "tokens"),
        ),
        "a whole number", "Kitaev et al. 2020, section 2, equation (5)",
        "answer == comparisons(1024) / comparisons(1024, chunk=64)", costs.comparisons_steps,
        ("complexity",),
    ),
)  # fmt: skip

REVERSIBLE: tuple[Entry, ...] = (
    entry(
        "reversible_forward", reversible.reversible_forward, "y1 = x1 + F(x2), then y2 = x2 + G(y1)",
        (P("x1", "tensor", "the first half"), P("x2", "tensor", "the second, of the same shape"), *F_AND_G),
        "numbers or tensors: .y1 .y2", SECTION_3,
        'answer == reversible_forward(1, 2, "double", "square").y2',
        reversible.reversible_forward_steps, ("reversible",),
    ),
    entry(
        "reversible_inverse", reversible.reversible_inverse, "x2 = y2 − G(y1), then x1 = y1 − F(x2)",
        (P("y1", "tensor", "the first half"), P("y2", "tensor", "the second, of the same shape"), *F_AND_G),
        "numbers or tensors: .x1 .x2", SECTION_3,
        'answer == reversible_inverse(5, 27, "double", "square").x1',
        reversible.reversible_inverse_steps, ("reversible",),
    ),
)  # fmt: skip

LSH: tuple[Entry, ...] = (
    entry(
        "lsh_buckets", lsh.lsh_buckets,
        "each vector's bucket: the place of the largest among [xR ; −xR]",
        (
            P("vectors", "vectors", "vectors (n, d), or one as a plain list"),
            P("rotations", "matrix", "R (d, buckets / 2)"),
        ),
        "whole numbers from 0", "Andoni et al. 2015, section 3; Kitaev et al. 2020, section 2",
        "answer == lsh_buckets([[1, -4]], identity(2))[0]", lsh.lsh_buckets_steps, ("lsh",),
    ),
    entry(
        "lsh_sort", lsh.lsh_sort, "positions in the order of their buckets, in sequence within one",
        (BUCKETS,), "whole numbers", "Kitaev et al. 2020, section 2",
        "answer == lsh_sort([1, 0, 1, 0])", lsh.lsh_sort_steps, ("lsh",),
    ),
    entry(
        "lsh_chunks", lsh.lsh_chunks, "positions sorted by bucket and cut into chunks",
        (BUCKETS, CHUNK), "rows of whole numbers", "Kitaev et al. 2020, section 2",
        "answer == lsh_chunks([1, 0, 1, 0], 2)", lsh.lsh_chunks_steps, ("lsh",),
    ),
    entry(
        "lsh_attended", lsh.lsh_attended,
        "positions a token may attend to: its bucket, own chunk and the one before, itself only if alone",
        (
            BUCKETS, CHUNK, P("position", "position", "the token"),
            P("causal", "flag", "later positions are hidden, too"),
        ),
        "whole numbers, ascending", "Kitaev et al. 2020, section 2, equations (4) and (5)",
        "answer == lsh_attended([1, 0, 1, 0], 2, 0)", lsh.lsh_attended_steps, ("lsh",),
    ),
    entry(
        "lsh_attention", lsh.lsh_attention,
        "attention within buckets: hash, sort, chunk, look back, attend, combine the rounds",
        (
            VECTORS, VALUES, P("rotations", "rotations", "R (d, buckets / 2), or one for each round"), CHUNK,
            CAUSAL, CONVENTION, P("length", "count", "the sequence's own length; what follows is padding"),
        ),
        "a tensor (n, d_v); (length, d_v) where padding is left out",
        "Kitaev et al. 2020, section 2, equation (3), and appendix A",
        "answer == lsh_attention([[1, 0], [0, 1]], [[2], [4]], identity(2), 1)",
        lsh.lsh_attention_steps, ("lsh_attention",),
    ),
    entry(
        "shared_qk_attention", lsh.shared_qk_attention,
        "full attention whose keys are the queries at unit length; a token sees itself only if alone",
        (VECTORS, VALUES, CAUSAL, CONVENTION), "a tensor (n, d_v)", "Kitaev et al. 2020, section 2",
        "answer == shared_qk_attention([[1, 0], [0, 1]], [[2], [4]])",
        lsh.shared_qk_attention_steps, ("lsh_attention",),
    ),
    entry(
        "number_of_buckets", lsh.number_of_buckets, "how many buckets go with chunks of so many tokens",
        (LENGTH, P("chunk", "count", "a chunk's length", "tokens"), CONVENTION), "a whole number",
        "Kitaev et al. 2020, section 2: m = 2 l / n_buckets; the implementations' code",
        "answer == number_of_buckets(1024, 64)", lsh.number_of_buckets_steps, ("conventions",),
    ),
    entry(
        "collision_probability", lsh.collision_probability,
        "how often two vectors share a bucket in one round",
        (
            P("degrees", "degrees", "the angle between the vectors", "degrees"),
            P("buckets", "count", "how many buckets, an even number"),
        ),
        "a number from 0 to 1; 1 − θ/π for two buckets",
        "Charikar 2002, section 3; Andoni et al. 2015, section 3",
        "answer == collision_probability(45)", lsh.collision_probability_steps, ("collisions",),
    ),
    entry(
        "found_in_rounds", lsh.found_in_rounds,
        "the chance that at least one of several rounds finds a pair",
        (P("probability", "probability", "one round's chance"), P("rounds", "count", "how many rounds")),
        "a number from 0 to 1", "1 − (1 − p)ⁿ; Kitaev et al. 2020, section 2",
        "answer == found_in_rounds(0.5, 4)", lsh.found_in_rounds_steps, ("complexity",),
    ),
)  # fmt: skip
