"""What a person chooses to see of a heatmap, and pictures that carry their data."""
