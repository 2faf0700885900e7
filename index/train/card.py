"""The model card: data, licence, figures, and how to repeat the training."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path

from index.train.evaluate import Figures
from index.train.recipe import Recipe, Trained
from index.train.written import SOURCE

HEAD = """---
license: apache-2.0
language: zh
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [static-embedding, chinese, policy, law]
---

# 条问 Tiaowen sentence model

A static embedding for Chinese policy documents and laws: {tokens:,} tokens × {dimension}, half precision.
The vector of a text is the mean of the vectors of its tokens, normalised. It was trained from scratch on a
CPU, without any other model.

```python
from sentence_transformers import SentenceTransformer

model = SentenceTransformer("index/weights").float()  # in half precision an empty text is not a number
asked = model.encode_query(["企业贷款难怎么办"])
model.similarity(asked, model.encode_document(["加大对中小企业的融资支持力度"]))
```

Put title and headings in front of a clause when you embed it. The figures below subtract the mean vector of
the corpus from documents and questions, which matters little once a model has learned from questions.
"""
SOURCES = {
    "stard_train": "STARD train split and LeCoQA (THUIR), MIT; their dev and test questions were never read",
    "lay_questions": "written for this project, Apache-2.0",
    "policy_questions": "on local promotion rules, written for this project, Apache-2.0 (in `index/train`)",
    "written": "on invented policies and on laws, with the answers marked, written for this project, Apache-2.0 (in `index/train/written`)",
    "life_questions": "on everyday law, written for this project, Apache-2.0 (in `index/train`)",
}
LAWS = "Chinese laws, regulations, judicial interpretations and local rules: public domain (Copyright Law of the PRC, art. 5), collected by LawRefBook/Laws"
WORDINGS = (
    "everyday words for official ones, written for this project, Apache-2.0 (`index/train/wordings.tsv`)"
)
BUNDLED = Path(__file__).resolve().parent
GENERAL = "openings of news articles, CRUD_RAG (IAAR-Shanghai), Apache-2.0"


def model_card(recipe: Recipe, trained: Trained, day: date) -> str:
    """The card of one trained model as Markdown with a YAML head."""
    tokens, dimension = trained.weights.shape
    parts = [HEAD.format(tokens=tokens, dimension=dimension)]
    parts += ["## Data\n", *_data(recipe, trained.counts), ""]
    parts += [
        "No question about the twelve evaluation laws (`index/train/split.py`) was used.\n",
        "## Figures\n",
        "Questions asked of all articles, by the model alone, measured on a model of the same recipe that has not",
        "learned them; the shipped one learned them too. Unseen laws: no question about these laws was learned.",
        "Written: one half of the groups of policies and laws, of which the measured model learned the other.",
        "Known laws: a fifth of what people asked about the others; their unseen articles: those among them whose",
        "articles no learned question points to.\n",
        *figures_table(trained.figures),
        "\n## How to repeat it\n",
        f"Trained on {day.isoformat()} with\n\n```sh\n{command(recipe)}\n```\n",
        f"and this recipe:\n\n```json\n{json.dumps(plain(recipe), indent=2)}\n```\n",
    ]
    return "\n".join(parts)


def _data(recipe: Recipe, counts: Mapping[str, int]) -> Iterator[str]:
    yield f"- {counts['national_articles']:,} national and {counts['local_articles']:,} local articles. {LAWS}"
    for file in recipe.questions:
        yield f"- {counts.get(file.stem, 0):,} questions of `{file.name}`: {SOURCES.get(file.stem, 'own data')}"
    if recipe.written:
        yield f"- {counts.get(SOURCE, 0):,} questions {SOURCES[SOURCE]}"
    yield f"- {WORDINGS}"
    if recipe.news:
        yield f"- {counts['general_texts']:,} general texts of `{recipe.news.name}`: {GENERAL}"


def figures_table(figures: Mapping[str, Figures]) -> list[str]:
    """Figures as the lines of a Markdown table, a row for each stage and source."""
    names = list(next(iter(figures.values()), {}))
    rows = [f"| stage / source | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for row, values in figures.items():
        cells = (f"{values[n]:.0f}" if n == "questions" else f"{values[n]:.3f}" for n in names)
        rows.append(f"| {row} | {' | '.join(cells)} |")
    return rows


def command(recipe: Recipe) -> str:
    """The command line that repeats a training, with file names in place of this machine's paths. The
    bundled questions take part without being named.
    """
    words = ["python -m index.train", f"--texts {recipe.texts.name}"]
    given = [file.name for file in recipe.questions if file.resolve().parent != BUNDLED]
    if given:
        words.append("--questions " + " ".join(given))
    if recipe.news:
        words.append(f"--news {recipe.news.name}")
    return " ".join([*words, f"--seed {recipe.seed}"])


def plain(recipe: Recipe) -> dict[str, object]:
    """The recipe for JSON, with file names in place of this machine's paths."""

    def name(value: object) -> object:
        if isinstance(value, Path):
            return value.name
        return [name(v) for v in value] if isinstance(value, tuple) else value

    return {key: name(value) for key, value in asdict(recipe).items()}
