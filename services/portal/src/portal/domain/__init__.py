"""The pure side of reading: words of a text, what a search asks, what was published."""
