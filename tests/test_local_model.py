"""A model in the process: a tiny Qwen2 with random weights, made on the spot."""

import threading
import time
from datetime import date

import pytest

from chat.answer import to_markdown
from chat.assistant import Assistant
from chat.writing.model import Ended, Ending, Message, ModelFailed, ModelUnavailable, Trouble
from chat.writing.opening import open_writing
from chat.writing.options import ModelOptions

TEMPLATE = (
    "{% for each in messages %}{{ each.role }}:{{ each.content }};{% endfor %}"
    "{% if add_generation_prompt %}assistant:{% endif %}"
)
ASKED = [Message("system", "规则"), Message("user", "浙江奖励企业")]


def save(folder, *, template=TEMPLATE, positions=4096):
    """A folder as `save_pretrained` writes it; its tokens are bytes."""
    import torch
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen2Tokenizer

    words = [*sorted(ByteLevel.alphabet()), "<|endoftext|>"]
    tokenizer = Qwen2Tokenizer(vocab={word: place for place, word in enumerate(words)}, merges=[])
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    torch.manual_seed(3)
    config = Qwen2Config(
        vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=positions, eos_token_id=256, bos_token_id=256, pad_token_id=256,
    )  # fmt: skip
    Qwen2ForCausalLM(config).save_pretrained(folder)
    return folder


def tokens(text):
    """How many a text has."""
    return len(text.encode())


def options(folder, **changes):
    return ModelOptions(
        **{"writer": "local", "model": str(folder), "max_tokens": 40, "seconds": 20.0} | changes
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save(tmp_path_factory.mktemp("qwen"))


@pytest.fixture(scope="module")
def model(folder):
    return open_writing(options(folder)).writer.model


def test_a_reply_comes_in_pieces_and_is_counted(model):
    *pieces, ended = model.reply(ASKED, 20)
    assert "".join(pieces)
    assert all(isinstance(piece, str) for piece in pieces)
    assert (ended.ending, ended.completion_tokens) == (Ending.LENGTH, 40)
    assert ended.prompt_tokens == tokens("system:规则;user:浙江奖励企业;assistant:")
    assert [*pieces, ended] == list(model.reply(ASKED, 20))  # temperature 0


def test_a_temperature_makes_replies_differ(folder):
    warm = open_writing(options(folder, temperature=1.5, max_tokens=16)).writer.model
    assert len({"".join(map(str, list(warm.reply(ASKED, 20))[:-1])) for _ in range(3)}) > 1


def test_the_whole_path_ends_in_an_answer(policies, folder):
    writing = open_writing(options(folder, context=300))
    given = Assistant(policies, writing).ask("浙江对首次认定的瞪羚企业奖励多少钱？", as_of=date(2026, 11, 21))
    assert "60万元" in to_markdown(given)  # what a random model says does not stand on any clause
    assert not given.generated
    assert given.notes
    assert given.usage.prompt_tokens > 500
    assert given.usage.completion_tokens >= 40


def test_time_runs_out(folder):
    slow = open_writing(options(folder, max_tokens=3000)).writer.model
    started = time.monotonic()
    with pytest.raises(ModelFailed) as failure:
        list(slow.reply(ASKED, 0.5))
    assert failure.value.trouble is Trouble.SLOW
    assert time.monotonic() - started < 3


def test_who_leaves_early_ends_the_reply(folder):
    long = open_writing(options(folder, max_tokens=3000)).writer.model
    reply = long.reply(ASKED, 60)
    assert isinstance(next(reply), str)
    reply.close()
    assert isinstance(next(long.reply(ASKED, 60)), str)  # the turn was given back


def test_one_reply_at_a_time(folder):
    long = open_writing(options(folder, max_tokens=3000)).writer.model
    first = long.reply(ASKED, 60)
    next(first)
    refused = []

    def second():
        try:
            list(long.reply(ASKED, 0.2))
        except ModelFailed as failure:
            refused.append(failure.trouble)

    thread = threading.Thread(target=second)
    thread.start()
    thread.join()
    first.close()
    assert refused == [Trouble.SLOW]


def test_a_prompt_that_does_not_fit_is_not_cut_in_silence(tmp_path):
    small = open_writing(options(save(tmp_path / "small", positions=80))).writer.model
    with pytest.raises(ModelFailed, match="do not fit") as failure:
        list(small.reply(ASKED, 20))
    assert failure.value.trouble is Trouble.REJECTED
    assert isinstance(list(small.reply([Message("user", "问")], 20))[-1], Ended)


def test_a_template_without_the_role_system(tmp_path):
    strict = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}" + TEMPLATE
    model = open_writing(options(save(tmp_path / "strict", template=strict))).writer.model
    assert list(model.reply(ASKED, 20))[-1].prompt_tokens == tokens("user:规则\n\n浙江奖励企业;assistant:")


def test_what_is_no_model_is_told(tmp_path):
    with pytest.raises(ModelUnavailable, match="TIAOWEN_LLM_MODEL"):
        open_writing(options(tmp_path / "nothing"))
    with pytest.raises(ModelUnavailable, match="对话模板"):
        open_writing(options(save(tmp_path / "base", template=None)))


def test_a_device_that_is_not_there_is_told(folder):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has it")
    with pytest.raises(ModelUnavailable, match="TIAOWEN_LLM_DEVICE"):
        open_writing(options(folder, device="cuda"))
