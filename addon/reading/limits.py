"""How much of a stranger's data is read. Beyond it stands a reason in the heatmap's place."""

MOST_CELLS = 1 << 16  # of a block, all heads together: 256 x 256, or 16 heads of 64 x 64
MOST_HEADS = 64
MOST_PRODUCTS = 16_000_000  # multiplications of queries with keys
MOST_TEXT = 400_000  # letters of a card's blocks, all together
MOST_BLOCKS = 50  # of a card
MOST_DATA = 200_000  # letters of a note's Data field
MOST_DEPTH = 16  # lists in lists
MOST_LISTS = 20_000  # rows of all heads, and what else stands in brackets
MOST_TEXTS = 20_000
MOST_VALUES = 140_000
MOST_DIGITS = 200  # of a number
MOST_FILE = 3_000_000  # bytes of a picture
MOST_ELEMENTS = 40_000  # of a picture: one for the number in each cell, and more
MOST_LABEL = 200  # letters of a token or a name
MOST_ALT = 2_000
LARGEST = 1e30  # a number
MOST_TAGS = 15_000  # of a card's HTML: a table of 64 x 64 has 8,400
MOST_LISTED = 10_000  # blocks that are told of, if only that they are too many
