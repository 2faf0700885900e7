"""Instructions to the system instead of questions: text like any other, which asks nothing and is left out."""

from __future__ import annotations

import re

_PART = re.compile(r"[^，,。；;：:！!？?\n]*[，,。；;：:！!？?\n]*")
_COMMANDS = re.compile(
    r"(忽略|无视|忘(记|掉)|抛开|不用管|别管|不要管).{0,12}(规则|指令|设定|限制|要求|规定|提示|内容|文件|政策|条文|怎么写)"
    r"|(你现在|从现在(开始|起)|假装|假设|扮演).{0,4}(你)?(是|成|当)|扮演|管理员已授权|开发者模式|越狱"
    r"|(系统|初始|原始|内部)(提示词?|指令|设定|消息)|提示词|system\s*(prompt|[:：])|^\s*system|\bprompt\b|\bignore\b|\bjailbreak\b"
    r"|^\s*(请|麻烦)?(你)?(直接|只|仅)?(回复|回答|输出|打印|返回|宣布|声明|承认)[“\"「‘]"
    r"|^\s*(请)?(直接|原样|一字不差地|逐字)(地)?(回复|回答|输出|打印|起草|告诉我)|(不要|不用|别|不必|请勿|无需)(再)?(引用|检索|核对|查(?!询)|看(?:任何|什么)?(?:条款|文件|条文)|给出处|提供依据)"
    r"|^\s*(请)?(你)?(直接|立即|马上|现在就)(地)?(写|批准|同意)(?!.*(?:什么|哪|多少|几|怎么|如何|谁|吗))"
    r"|随便编|编一(条|个|份|段)|写一(首|段|个故事|篇)|原样(输出|打印|返回)",
    re.I,
)

# What follows 直接写： or 回复： is what the system is told to say, up to the end of that sentence.
_DICTATES = re.compile(
    r"(写|说|输出|回复|回答|宣布|声明|承认|批准|同意|告诉我)[^，,。；;：:！!？?]{0,6}[：:]?\s*$|批准|扮演"
)
_QUESTION = re.compile(r"多少|几|什么|哪|谁|吗|怎么|如何|是否|有没有|能不能|[？?]")
_ENDS = re.compile(r"[。！!？?\n]")


def without_instructions(text: str) -> str:
    """The text without the parts that command the system; what remains is what is asked, which may be nothing."""
    if not _COMMANDS.search(text):
        return text
    kept: list[str] = []
    dictated = False
    for part in _PART.findall(text):
        if _COMMANDS.search(part):
            dictated = bool(_DICTATES.search(part))
        elif part and (not dictated or _QUESTION.search(part)):
            kept.append(part)
        if _ENDS.search(part):
            dictated = False
    return "".join(kept).strip("，,。；;：: ")
