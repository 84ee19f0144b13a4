"""Where every rule and number comes from: documents, places, and values that are dated, placed and published."""
