// Each feature alone: one that fails leaves its part of the card as it stands without script.
[variants, choices, typed, names, steps, reveal].forEach(function (feature) {
  try {
    feature();
  } catch (fault) {
    // The card is complete without it.
  }
});
remember();
