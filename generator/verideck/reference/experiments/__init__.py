"""Experiments: claims that only measuring supports, each over seeds that anybody can repeat.

An experiment computes one figure from one seed. It is judged over several seeds: the figure is their mean,
the spread is the largest less the smallest, and the claim holds where the figure lies on the right side of
the threshold by at least two spreads. Figures are counts, bytes, shares and errors; never seconds.

This module is the table alone and needs no torch; an experiment imports what it computes with when it runs.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Direction = Literal["above", "below", "between", "equal", ""]


@dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment: the claim, the figure of one seed, and on which side of what it must lie.

    `threshold` is one number, or two for "between"; without a direction the figure is only stated. `given`
    are arguments that make the claim what it is; `settings` those that a check may set, with their defaults.
    """

    name: str
    summary: str  # the claim, as a sentence
    figure: str  # what the figure is
    function: str  # `module.function` in this package: (seed, **given, **settings) -> float
    source: str
    direction: Direction = ""
    threshold: tuple[float, ...] = ()
    unit: str = ""
    given: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def module(self) -> str:
        """The module of the function, within `reference`, such as `experiments/hashing`."""
        return f"experiments/{self.function.partition('.')[0]}"

    def run(self, seed: int, **settings: object) -> float:
        """Compute the figure for one seed.

        Raises TypeError for a setting that the experiment does not have.
        """
        module, _, name = self.function.partition(".")
        function: Callable[..., float] = getattr(importlib.import_module(f"{__name__}.{module}"), name)
        arguments = {**self.settings, **settings}
        inspect.signature(function).bind(seed, **self.given, **arguments)
        return float(function(seed, **self.given, **arguments))


def _table(*experiments: Experiment) -> Mapping[str, Experiment]:
    return MappingProxyType({one.name: one for one in experiments})


VASWANI = "Vaswani et al. 2017, section 3.2.1, footnote 4"
KITAEV = "Kitaev et al. 2020, section 2"
GOMEZ = "Gomez et al. 2017, section 3.2; Kitaev et al. 2020, section 3"
ANDONI = "Andoni et al. 2015, section 3"
TRAINING = "Goodfellow et al. 2016"

EXPERIMENTS: Mapping[str, Experiment] = _table(
    Experiment(
        "dot_product_variance",
        "dot products of vectors with unit variance vary as much as the vectors have features",
        "the variance of 8,000 dot products",
        "dot_products.variance", VASWANI,
        settings={"size": 64, "scaled": False},
    ),
    Experiment(
        "dot_product_variance_grows",
        "the variance of dot products grows with the number of features",
        "the variance at 1,024 features over that at 16, of 2,000 dot products each",
        "dot_products.variance_ratio", VASWANI, "above", (32,),
    ),
    Experiment(
        "scaled_variance_is_one",
        "divided by √d_k, dot products have a variance of about 1 at any size",
        "the variance of 8,000 scaled dot products at 1,024 features",
        "dot_products.variance", VASWANI, "between", (0.9, 1.1), given={"size": 1024, "scaled": True},
    ),
    Experiment(
        "softmax_slope",
        "how much the softmax's weights move with their scores",
        "the mean norm of the softmax's Jacobian, over 500 rows of 16 keys",
        "dot_products.slope", VASWANI, settings={"size": 1024, "scaled": False},
    ),
    Experiment(
        "unscaled_softmax_is_flat",
        "without the scale the softmax of large vectors is nearly flat, so gradients through it are small",
        "the norm of the softmax's Jacobian with the scale less that without, at 1,024 features",
        "dot_products.slope_gain", VASWANI, "above", (0.1,),
    ),
    Experiment(
        "saved_bytes_grow_with_layers",
        "the bytes kept for the backward pass grow exactly as the number of layers",
        "bytes kept by 12 layers over those kept by one",
        "costs.bytes_by_layers", GOMEZ, "equal", (12,), given={"reversible": False, "layers": 12},
    ),
    Experiment(
        "reversible_bytes_stay",
        "reversible layers keep the same bytes however many there are",
        "bytes kept by 12 reversible layers over those kept by one",
        "costs.bytes_by_layers", GOMEZ, "equal", (1,), given={"reversible": True, "layers": 12},
    ),
    Experiment(
        "no_grad_keeps_nothing",
        "under no_grad nothing is kept for a backward pass",
        "bytes kept by 6 layers under torch.no_grad()",
        "costs.bytes_without_gradient", "torch.no_grad", "equal", (0,), "bytes",
    ),
    Experiment(
        "reversible_keeps_fewer_bytes",
        "reversible layers keep fewer bytes than plain ones",
        "bytes kept by 6 reversible layers over those of 6 plain ones",
        "costs.bytes_ratio", GOMEZ, "below", (0.5,), settings={"layers": 6},
    ),
    Experiment(
        "reversible_computes_more",
        "reversible layers cost more operations than plain ones, not fewer",
        "multiply-adds of a training step with reversible layers over those with plain ones, as torch counts",
        "costs.operations_ratio", GOMEZ, "above", (1,), settings={"layers": 4},
    ),
    Experiment(
        "heads_add_no_parameters",
        "more heads add no parameters where they share the features among them",
        "parameters of nn.MultiheadAttention(64, 8) over those with one head",
        "costs.parameters_ratio", "nn.MultiheadAttention", "equal", (1,), given={"heads": 8},
    ),
    Experiment(
        "heads_of_fixed_size_add_parameters",
        "where the head size is fixed, parameters grow with the number of heads",
        "weights of 8 heads of 64 features over those of one",
        "costs.parameters_ratio", "nn.MultiheadAttention's projections, (heads · 64, 64)", "equal", (8,),
        given={"heads": 8, "head_size": 64},
    ),
    Experiment(
        "heads_keep_more_bytes",
        "more heads keep more bytes for the backward pass: each has weights of its own",
        "bytes that nn.MultiheadAttention(64, 8) keeps over those with one head, for 2 x 128 tokens",
        "costs.heads_bytes_ratio", "nn.MultiheadAttention", "above", (1,),
    ),
    Experiment(
        "attention_cost_by_hashing",
        "what hashing costs against full attention depends on the length and the number of rounds",
        "multiply-adds of LSH attention over those of full attention, as torch counts them",
        "hashing.operations_ratio", KITAEV, settings={"length": 1024, "rounds": 1},
    ),
    Experiment(
        "one_round_computes_less",
        "one round of hashing computes less than full attention at 1,024 tokens",
        "multiply-adds of LSH attention over those of full attention",
        "hashing.operations_ratio", KITAEV, "below", (1,), given={"length": 1024, "rounds": 1},
    ),
    Experiment(
        "sixteen_rounds_compute_more",
        "sixteen rounds of hashing compute more than full attention at 1,024 tokens",
        "multiply-adds of LSH attention over those of full attention",
        "hashing.operations_ratio", KITAEV, "above", (1,), given={"length": 1024, "rounds": 16},
    ),
    Experiment(
        "sixteen_rounds_pay_when_long",
        "at 16,384 tokens even sixteen rounds of hashing compute less than full attention",
        "multiply-adds of LSH attention over those of full attention",
        "hashing.operations_ratio", KITAEV, "below", (1,), given={"length": 16_384, "rounds": 16},
    ),
    Experiment(
        "collisions",
        "how often two vectors share a bucket in at least one round",
        "the share of 10,000 draws",
        "hashing.collisions", ANDONI, settings={"degrees": 30, "buckets": 16, "rounds": 1},
    ),
    Experiment(
        "near_vectors_collide_more",
        "near vectors share a bucket more often than far ones",
        "the share of draws at 30 degrees less that at 90, with 16 buckets",
        "hashing.collision_gap", ANDONI, "above", (0.1,),
    ),
    Experiment(
        "two_buckets_part_by_angle",
        "with two buckets, vectors are parted as often as their angle is large: 1 − θ/π stay together",
        "the largest distance from 1 − θ/π at 30, 60, 90 and 135 degrees",
        "hashing.distance_from_the_law", "Charikar 2002, section 3", "below", (0.05,),
    ),
    Experiment(
        "rounds_find_more",
        "more rounds find more of the near pairs",
        "the share found in 4 rounds less that in one, at 30 degrees with 16 buckets",
        "hashing.gain_of_rounds", KITAEV, "above", (0.1,),
    ),
    Experiment(
        "rounds_are_independent",
        "n rounds find a pair with the chance 1 − (1 − p)ⁿ",
        "the largest distance from 1 − (1 − p)ⁿ over 2, 4 and 8 rounds, p measured in one",
        "hashing.distance_from_independence", KITAEV, "below", (0.1,),
    ),
    Experiment(
        "captured_attention",
        "how much of full attention's mass hashing finds",
        "the share of full attention's weight on pairs that LSH attention compares",
        "hashing.captured", KITAEV, settings={"rounds": 1},
    ),
    Experiment(
        "rounds_capture_more",
        "more rounds capture more of full attention's mass",
        "the share captured in 16 rounds less that in one",
        "hashing.gain_in_mass", KITAEV, "above", (0.3,),
    ),
    Experiment(
        "distance_from_full_attention",
        "how far LSH attention's outputs are from full attention's",
        "the norm of the difference over the norm of full attention's output",
        "hashing.distance", KITAEV, settings={"rounds": 1},
    ),
    Experiment(
        "rounds_come_nearer",
        "more rounds come nearer to full attention",
        "the relative distance after 16 rounds over that after one",
        "hashing.distance_ratio", KITAEV, "below", (0.5,),
    ),
    Experiment(
        "reversible_drift",
        "how far 24 reversible layers drift when they are undone",
        "the largest error of the inputs, the mean of 16 stacks",
        "drift.error", GOMEZ, settings={"precision": "float64", "layers": 24},
    ),
    Experiment(
        "drift_is_small_in_float64",
        "24 reversible layers undone in float64 give their inputs back to 12 digits",
        "the largest error of the inputs, the mean of 16 stacks",
        "drift.error", GOMEZ, "below", (1e-12,), given={"precision": "float64", "layers": 24},
    ),
    Experiment(
        "drift_is_large_in_bfloat16",
        "24 reversible layers undone in bfloat16 do not give their inputs back",
        "the largest error of the inputs, the mean of 16 stacks",
        "drift.error", GOMEZ, "above", (0.05,), given={"precision": "bfloat16", "layers": 24},
    ),
    Experiment(
        "drift_follows_precision",
        "the fewer digits, the more reversible layers drift",
        "powers of ten between the errors in float32 and in float64",
        "drift.powers_apart", GOMEZ, "above", (6,),
    ),
    Experiment(
        "dropout_breaks_the_inverse",
        "with dropout drawn anew, a reversible block's inverse is wrong",
        "the largest error of the inputs",
        "drift.error_with_dropout", GOMEZ, "above", (0.1,), given={"replay": False},
    ),
    Experiment(
        "replay_mends_the_inverse",
        "with the random numbers replayed, a reversible block with dropout gives its inputs back",
        "the largest error of the inputs",
        "drift.error_with_dropout", GOMEZ, "below", (1e-12,), given={"replay": True},
    ),
    Experiment(
        "high_learning_rate_gives_nan",
        "a learning rate that is too high makes the loss NaN",
        "the share of 16 small networks whose loss is NaN within 150 steps at a rate of 5",
        "trainings.share_of_nan", f"{TRAINING}, section 8.2.4", "above", (0.9,), given={"rate": 5.0},
    ),
    Experiment(
        "low_learning_rate_gives_numbers",
        "the same networks train at a low rate",
        "the share of 16 small networks whose loss is NaN within 150 steps at a rate of 0.05",
        "trainings.share_of_nan", f"{TRAINING}, section 8.2.4", "equal", (0,), given={"rate": 0.05},
    ),
    Experiment(
        "overfitting_training_loss_falls",
        "a network that overfits fits its training examples",
        "training loss after 300 steps over that at the start, the mean of 32 networks",
        "trainings.training_ratio", f"{TRAINING}, section 5.2", "below", (0.1,),
    ),
    Experiment(
        "overfitting_validation_loss_rises",
        "when a network overfits, the validation loss rises again while the training loss falls",
        "validation loss after 300 steps over its lowest, the mean of 32 networks",
        "trainings.validation_ratio", f"{TRAINING}, section 5.2", "above", (1.1,),
    ),
)  # fmt: skip
"""Every experiment by its name."""
