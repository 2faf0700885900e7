"""Gradio imported without writing stubs for editors."""

import subprocess
import sys

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
