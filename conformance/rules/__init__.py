"""One rule a file, named by the requirement in the affirmative, found by folder."""
