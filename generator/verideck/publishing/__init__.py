"""Notes to what people look at without Anki: both sides of each card, and a site of them."""
