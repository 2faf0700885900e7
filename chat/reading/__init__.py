"""A second reading of the sentences that rank first: a small transformer that reads question and sentence together."""
