"""What a person can set: the values, the dialog that changes them, and who hears of a change."""
