"""Which kind of answer a question wants: a small classifier, trained on the questions beside it and on those about clauses."""

from chat.kinds.classifier import aspects_of, kind_of

__all__ = ["aspects_of", "kind_of"]
