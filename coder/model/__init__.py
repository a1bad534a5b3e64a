"""The nouns: immutable values, standard library only."""
