"""What /metrics shows: how many questions, how they ended, how long they took."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from chat.answer import Answer

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
        self.models = _ModelMeters(self.registry)
        self.documents = Gauge("tiaowen_documents", "Documents loaded", registry=self.registry)
        self.clauses = Gauge("tiaowen_clauses", "Clauses loaded", registry=self.registry)

    def count(self, answer: Answer) -> None:
        """Count what a language model had to do with an answer."""
        self.models.count(answer)

    def page(self) -> bytes:
        """The meters in Prometheus' text format."""
        return generate_latest(self.registry)


class _ModelMeters:
    """What language models do, fail to do, and cost."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answers = Counter(
            "tiaowen_model_answers",
            "Answers for which a language model was asked",
            ("outcome",),
            registry=registry,
        )  # outcome: written, partly (some sentences dropped or missing), replaced (by quotations), refused
        self._troubles = Counter(
            "tiaowen_model_troubles", "Replies that failed in the end", ("trouble",), registry=registry
        )
        self._sentences = Counter(
            "tiaowen_model_sentences", "Sentences of language models", ("verdict",), registry=registry
        )  # verdict: shown, dropped
        self._tokens = Counter(
            "tiaowen_model_tokens", "Tokens as servers count them", ("kind",), registry=registry
        )
        self._calls = Counter("tiaowen_model_calls", "Replies asked for, retries included", registry=registry)
        self._seconds = Histogram(
            "tiaowen_model_seconds",
            "Seconds that language models took for an answer",
            buckets=BUCKETS,
            registry=registry,
        )
        self._first = Histogram(
            "tiaowen_model_first_seconds",
            "Seconds until a model's first words",
            buckets=BUCKETS,
            registry=registry,
        )

    def count(self, answer: Answer) -> None:
        """Count an answer; nothing where no model was asked."""
        usage = answer.usage
        if usage is None:
            return
        whole = not usage.dropped and not usage.trouble
        written = "written" if whole else "partly"
        self._answers.labels(
            "refused" if answer.refused else written if answer.generated else "replaced"
        ).inc()
        if usage.trouble:
            self._troubles.labels(usage.trouble).inc()
        self._sentences.labels("shown").inc(usage.shown)
        self._sentences.labels("dropped").inc(usage.dropped)
        self._tokens.labels("prompt").inc(usage.prompt_tokens or 0)
        self._tokens.labels("completion").inc(usage.completion_tokens or 0)
        self._calls.inc(usage.calls)
        self._seconds.observe(usage.took_ms / 1000)
        if usage.first_ms is not None:
            self._first.observe(usage.first_ms / 1000)
