"""What /metrics shows: how many questions, how they ended, how long they took."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# Seconds: quoting answers in milliseconds, a language model in tens of seconds.
BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Meters:
    """Meters of one app, in a registry of their own, so that several apps can live in one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "tiaowen_answers", "Answers given", ("channel", "outcome"), registry=self.registry
        )  # outcome: answered, a reason of refusal, failed, overloaded
        self.seconds = Histogram(
            "tiaowen_answer_seconds",
            "Seconds from question to whole answer",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.running = Gauge(
            "tiaowen_answers_running", "Questions running or waiting", registry=self.registry
        )
        self.votes = Counter("tiaowen_votes", "Votes on answers", ("vote",), registry=self.registry)
        self.documents = Gauge("tiaowen_documents", "Documents loaded", registry=self.registry)
        self.clauses = Gauge("tiaowen_clauses", "Clauses loaded", registry=self.registry)

    def page(self) -> bytes:
        """The meters in Prometheus' text format."""
        return generate_latest(self.registry)
