"""Gradio imported without writing stubs for editors."""

import subprocess
import sys

from chat.quick_gradio import gr, queue
from settings import ROOT

CODE = """
import sys
finders = len(sys.meta_path)
from chat.quick_gradio import gr
import gradio.component_meta as meta
calls = meta.create_or_modify_pyi(object, "no component", [])  # would raise: object has no source
assert calls is None
assert len(sys.meta_path) == finders, sys.meta_path
with gr.Blocks() as page:
    gr.Textbox().submit(lambda text: text, None, None)
print(gr.Textbox.__name__, len(page.fns))
"""


def test_components_work_and_no_stub_is_written():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["Textbox", "1"]


def test_every_module_takes_gradio_from_there():
    sources = [path for folder in ("chat", "eval") for path in (ROOT / folder).rglob("*.py")]
    direct = [p.name for p in sources if "import gradio" in p.read_text() and p.name != "quick_gradio.py"]
    assert direct == []


def test_the_queue_of_a_page_looks_seldom_for_a_next_question() -> None:
    with gr.Blocks() as blocks:
        gr.Textbox()
    before = dict(vars(blocks._queue))
    queue(blocks, 3)
    after = vars(blocks._queue)
    assert after["sleep_when_free"] >= 0.01 > before["sleep_when_free"]
    assert after["progress_update_sleep_when_free"] > before["progress_update_sleep_when_free"]
    assert set(after) == set(before)  # nothing that Gradio does not know
    assert after["max_size"] == 6
