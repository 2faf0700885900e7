"""Who issued a policy, and at what level of government and in what region."""

from __future__ import annotations

import re

from corpus.document import Level
from corpus.regions import find_regions

_SUFFIX = r"(?:委员会|人民政府|办公厅|办公室|总局|监管局|管理局|分行|分局|中心|总行|委|部|局|厅|办|行|会|院|署|社|联|团|公司|学院|大学)"
_NAME = re.compile(rf"[\u4e00-\u9fff·（）()]{{2,40}}{_SUFFIX}(?:[（(][^（）()]{{2,20}}[）)])?")
# Where names are stuck together (省国资委省金融局湖北证监局) a new one begins at these words.
_BEGIN = r"(?:省|市|县|区|国家|国务院|中国|中华|中共|财政|科学技术|科技|工业|商务|人力资源|教育|公安|民政|司法|自然资源|生态|住房|交通|水利|农业|文化|卫生|应急|审计|税务|市场|统计|人民银行|共青团|总工会|妇)"
_NATIONAL = re.compile(
    r"^(?:中共中央|全国|国务院|国家|中国|中华|最高|中央|财政部|商务部|科技部|科学技术部|教育部|公安部|民政部|司法部|水利部|审计署|海关总署|证监会|银保监会|人民银行|国资委"
    r"|工业和信息化部|工信部|人力资源|人社部|自然资源部|生态环境部|住房和?城乡建设部|交通运输部|农业农村部|文化和旅游部|退役军人事务部|应急管理部|税务总局|市场监管总局|发展改革委"
    r"|外交部|国防部|卫生健康委|金融监管总局|知识产权局|工商联|[\u4e00-\u9fff]{2,12}部$)"
)


def split_names(text: str) -> list[str]:
    """The issuers in a line of a letterhead, a signature or a metadata field, the word 文件 left out."""
    text = re.sub(r"文\s*件\s*$", "", text.strip())
    names: list[str] = []
    for piece in re.split(r"[\s、，,;；]+", text):
        names += _unstick(re.sub(r"(?<=.)文件$", "", piece))
    return [name for name in names if _NAME.fullmatch(name)]


def _unstick(piece: str) -> list[str]:
    """Part names that stand together without a mark."""
    cuts = [0]
    for match in re.finditer(rf"(?<=[委局厅行会署]){_BEGIN}", piece):
        cuts.append(match.start())
    cuts += [
        mention.start
        for mention in find_regions(piece)
        if mention.start and piece[mention.start - 1] in "委局厅署文件"
    ]
    cuts = sorted(set(cuts))
    parts = [piece[a:b] for a, b in zip(cuts, [*cuts[1:], len(piece)], strict=True)]
    # 国家发展和改革委员会市场… stays whole unless every part is a name: a wrong cut loses a name.
    return parts if all(_NAME.fullmatch(part) for part in parts) and not _one_name(piece) else [piece]


def _one_name(piece: str) -> bool:
    """中国证券监督管理委员会山东监管局, 国家税务总局山东省税务局: an agency and its branch are one name."""
    return bool(
        re.match(
            r"(?:中国|国家|中华)[\u4e00-\u9fff]+(?:委员会|总局|银行|总署)[\u4e00-\u9fff]{2,12}(?:监管局|税务局|分行|海关|专员办|监督管理局|管理局)$",
            piece,
        )
    )


def level_of(issuers: tuple[str, ...], number: str, title: str, header: str) -> tuple[Level, str]:
    """The level of government and the region's full name, from issuers, number and title in this order."""
    numbered = _region_of_number(number)
    for issuer in issuers:
        mentions = find_regions(issuer)
        place = _local(issuer)
        if not mentions and not place and _NATIONAL.match(issuer) and not numbered:
            return "国家", ""
        if mentions or place:
            province = mentions[-1].province if mentions else numbered
            city = next((mention.city for mention in mentions if mention.city), "")
            return _level(issuer, province, city, numbered)
    if numbered:
        return "省", numbered
    if re.search(r"国务院|全国人民代表大会|最高人民|中共中央", header) or title.startswith("中华人民共和国"):
        local = [mention for mention in find_regions(title)[:1] if mention.start <= 2]
        if not local:
            return "国家", ""
    for mention in find_regions(title)[:1]:
        if mention.start <= 2:
            return ("市" if mention.city else "省"), mention.province + mention.city
    return "", ""


def _local(issuer: str) -> str:
    match = re.match(r"(省|市|县|区)", issuer)
    return match[1] if match else ""


def _level(issuer: str, province: str, city: str, numbered: str) -> tuple[Level, str]:
    county = re.match(
        r"(?:[\u4e00-\u9fff]{2,9}?(?:省|自治区|市|自治州))*([\u4e00-\u9fff]{1,8}?(?:县|区|旗|市))(?=人民政府|[\u4e00-\u9fff]{2,20}(?:局|委|办|厅)|委|政府)",
        issuer,
    )
    branch = re.search(r"(?:分行|监管局|监督局|税务局|管理局)$", issuer) and re.match(
        r"(?:中国|国家|中华|人民银行)", issuer
    )
    if branch:
        return ("市" if city and not province.endswith("市") and "分行" not in issuer else "省"), province
    local = _local(issuer)
    if local == "省":
        return "省", province or numbered
    if local in ("市", "县", "区"):
        return ("市" if local == "市" else "县"), province + city
    if county and county[1] not in (city, province) and not province.endswith(county[1]):
        return "县", province + city + county[1]
    if city:
        return ("县" if city.endswith("区") else "市"), province + city
    return "省", province


def _region_of_number(number: str) -> str:
    """鲁工信发〔2021〕5号 → 山东省: the letter in front of a number names the province."""
    mentions = [mention for mention in find_regions(number) if mention.start == 0]
    return mentions[0].province if mentions else ""
