"""Who issued a policy, and at what level of government and in what region."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.counties import find_counties
from corpus.document import Level
from corpus.regions import find_regions

_SUFFIX = r"(?:委员会|人民政府|办公厅|办公室|总局|监管局|管理局|分行|分局|中心|总行|联合会|委|部|局|厅|办|行|会|院|署|社|联|团|公司|学院|大学|处|海关|法院|检察院)"
_NAME = re.compile(rf"[\u4e00-\u9fff·（）()]{{2,40}}{_SUFFIX}(?:[（(][^（）()]{{2,20}}[）)])?")
# Where names are stuck together (省国资委省金融局湖北证监局) a new one begins at these words.
_BEGIN = (
    r"(?:省|市|县|区|国家|国务院|中国|中华|中共|财政|科学技术|科技|工业|商务|人力资源|教育|公安|民政|司法|自然资源|生态|住房|交通|水利|农业|文化|卫生|应急|审计|税务"
    r"|统计|人民银行|共青团|总工会|妇)"
)
# 中国证券监督管理委员会山东监管局: an agency of the state and its branch are one name.
_BRANCH = re.compile(
    r"(?:中国|国家|中华|海关)[\u4e00-\u9fff]+(?:委员会|总局|银行|总署|部)[\u4e00-\u9fff]{2,14}(?:监管局|税务局|分行|支行|海关|监督管理局|管理局|专员办|办事处)"
)
_OF_STATE = re.compile(
    r"(?:中国|国家|中华|人民银行)[\u4e00-\u9fff]*(?:分行|支行|监管局|监督管理局|管理局|税务局|海关|营业管理部)$"
)
_NATIONAL = re.compile(
    r"(?:中共中央|全国|国务院|国家|中国|中华|最高|中央|海关总署|审计署|证监会|银保监会|人民银行|国资委|税务总局|市场监管总局|发展改革委|卫生健康委|金融监管总局"
    r"|知识产权局|工商联)|[\u4e00-\u9fff]{2,14}部(?:办公厅|办公室|综合司)?$"
)
_COUNTY = re.compile(
    r"[\u4e00-\u9fff]{1,10}?(?:自治县|县|旗|新区|园区|开发区|林区|市(?!场)|区(?!域))(?=[\u4e00-\u9fff]{2})"
)
_COUNTY_TITLE = re.compile(
    r"(?![^县市旗]*(?:城|超|上|夜|股|门|都|全|我|本)市)[\u4e00-\u9fff]{2,3}(?:市|县|旗)(?=.)"
)
_OF_REGION = re.compile(r"自治区(?=[\u4e00-\u9fff])")  # 自治区财政厅, as such issuers call themselves
_NATIONAL_TITLE = re.compile(r"[\u4e00-\u9fff]{2,14}部等[一二三四五六七八九十]+部门")
_HEAD = 12  # characters of a title in which its place stands
_LAW_MAKER = re.compile(r"国务院|全国人民代表大会|全国人大|最高人民|中共中央")


def split_names(text: str) -> list[str]:
    """The issuers in a line of a letterhead, a signature or a metadata field, the word 文件 left out."""
    names: list[str] = []
    for piece in re.split(r"[\s、，,;；]+", text.strip()):
        names += _unstick(re.sub(r"(?<=.)文件$", "", piece))
    return [name for name in names if _NAME.fullmatch(name)]


def _unstick(piece: str) -> list[str]:
    """Part names that stand together without a mark; a cut that leaves no whole name is none."""
    if _BRANCH.fullmatch(piece):
        return [piece]
    cuts = {match.start() for match in re.finditer(rf"(?<=[委局厅行会署府]){_BEGIN}", piece)}
    cuts |= {
        mention.start
        for mention in find_regions(piece)
        if mention.start and piece[mention.start - 1] in "委局厅署"
    }
    places = [0, *sorted(cuts), len(piece)]
    parts = [piece[a:b] for a, b in zip(places, places[1:], strict=False)]
    return parts if all(_NAME.fullmatch(part) for part in parts) else [piece]


_PASSED = re.compile(r"通过|公布|发布|修订|修正|批准|令")
_LAW_ISSUER = re.compile(
    r"((?:全国|[\u4e00-\u9fff]{2,12}?(?:省|自治区|市|自治州|自治县))(?:第[一二三四五六七八九十]+届)?人民代表大会(?:常务委员会)?)"
    r"|第[一二三四五六七八九十]+届(全国人民代表大会(?:常务委员会)?)|(国务院)(?=令|第|办公厅)|(最高人民法院|最高人民检察院)"
    r"|经?([\u4e00-\u9fff]{2,16}(?:部|委员会|局|总局|署|委))(?=令|第\d|部务|公告|局务|[^\u4e00-\u9fff])"
)


def law_issuer(header: Sequence[str]) -> tuple[str, ...]:
    """The body that passed a law, from the notes below its title; empty if they name none."""
    for line in header:
        match = _LAW_ISSUER.search(line) if _PASSED.search(line) else None
        if match:
            name = next(group for group in match.groups() if group)
            return (re.sub(r"第[一二三四五六七八九十]+届", "", name),)
    return ()


def level_of(issuers: Sequence[str], number: str, title: str, header: str) -> tuple[Level, str]:
    """The level of government and the region's full name, from issuers, number and title in this order."""
    numbered = _province_of_number(number)
    mention = next((mention for mention in find_regions(title[:_HEAD]) if mention.start <= 2), None)
    inside = numbered or next((mention.province for mention in find_regions(title)), "")
    for issuer in issuers:
        found = _place_of(issuer, inside if _OF_REGION.match(issuer) else numbered)
        if found:
            return found
    if numbered and not (mention and mention.city and mention.province == numbered):
        return "省", numbered
    if mention:
        return ("市" if mention.city else "省"), mention.province + mention.city
    county = _COUNTY_TITLE.match(title)
    if county and not issuers:
        return "县", _known_county(county[0]) or county[0]
    if _LAW_MAKER.search(header) or title.startswith("中华人民共和国") or _NATIONAL_TITLE.match(title):
        return "国家", ""
    return "", ""


def _place_of(issuer: str, numbered: str) -> tuple[Level, str] | None:
    """Level and region that an issuer's name shows; None if it shows neither."""
    mentions = find_regions(issuer)
    if _OF_STATE.match(issuer):
        if not mentions:
            return "国家", ""
        city = mentions[-1].city if "分行" not in issuer else ""
        return ("市" if city else "省"), mentions[-1].province + city
    if mentions and mentions[0].start == 0:
        place = mentions[0].province + "".join(dict.fromkeys(m.city for m in mentions if m.city))
        last = max(mention.end for mention in mentions)
        county = _COUNTY.match(issuer, last)
        if county:
            return "县", (_known_county(issuer[: county.end()]) or place + county[0])
        if mentions[-1].city:
            return (
                "县" if mentions[-1].city.endswith("区") and mentions[-1].province.endswith("市") else "市"
            ), place
        return "省", place
    local: dict[str, Level] = {"省": "省", "市": "市", "县": "县", "区": "县"}
    if _OF_REGION.match(issuer):
        return "省", numbered
    if issuer[0] in local and not issuer.startswith(("市场", "区域")):
        return local[issuer[0]], numbered
    if _NATIONAL.match(issuer):
        return ("省", numbered) if numbered else ("国家", "")
    county = _COUNTY.match(issuer)
    return ("县", _known_county(county[0], numbered) or county[0]) if county else None


def _known_county(words: str, province: str = "") -> str:
    """The full region of the county that the words end in (江西省宜春市上高县); empty if the table lacks it."""
    counties = find_counties(province + words)
    return counties[-1].region if counties and counties[-1].end == len(province + words) else ""


def _province_of_number(number: str) -> str:
    """鲁工信发〔2021〕5号 → 山东省: the letter in front of a number names the province."""
    mentions = find_regions(number)
    return mentions[0].province if mentions and mentions[0].start == 0 else ""
