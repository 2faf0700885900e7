"""Instructions to the system instead of questions: text like any other, which asks nothing and is left out."""

from __future__ import annotations

import re

_PART = re.compile(r"[^，,。；;：:！!？?\n]*[，,。；;：:！!？?\n]*")
_COMMANDS = re.compile(
    r"(忽略|无视|忘(记|掉)|抛开|不用管|别管|不要管).{0,12}(规则|指令|设定|限制|要求|规定|提示|内容|文件|政策|条文|怎么写)"
    r"|(你现在|从现在(开始|起)|假装|假设|扮演).{0,4}(你)?(是|成|当)|扮演|管理员已授权|开发者模式|越狱"
    r"|(系统|初始|原始|内部)(提示词?|指令|设定|消息)|提示词|system\s*(prompt|[:：])|^\s*system|\bprompt\b|\bignore\b|\bjailbreak\b"
    r"|^\s*(请|麻烦)?(你)?(直接|只|仅)?(回复|回答|输出|打印|返回|宣布|声明|承认)[“\"「‘]"
    r"|^\s*(请)?(直接|原样|一字不差地|逐字)(地)?(回复|回答|输出|打印|起草|告诉我)|(不要|不用|别|不必|请勿|无需)(再)?(引用|检索|核对|查(?!询)|给出处|提供依据)"
    r"|随便编|编一(条|个|份|段)|写一(首|段|个故事|篇)|原样(输出|打印|返回)",
    re.I,
)


def without_instructions(text: str) -> str:
    """The text without the parts that command the system; what remains is what is asked, which may be nothing."""
    if not _COMMANDS.search(text):
        return text
    kept = [part for part in _PART.findall(text) if part and not _COMMANDS.search(part)]
    return "".join(kept).strip("，,。；;：: ")
