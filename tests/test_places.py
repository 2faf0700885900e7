"""Which regions a question names, of those that the corpus holds and others."""

import pytest

from chat.naming import Catalog
from chat.places import Gazetteer
from corpus.document import Document

HELD = (
    "山东省",
    "湖北省",
    "四川省",
    "重庆市",
    "安徽省",
    "江西省宜春市上高县",
    "广东省佛山市",
    "四川省绵阳市高新技术产业开发区",
)
PLACES = Gazetteer.of([Document(region, "某某办法", "", region=region) for region in HELD])


@pytest.mark.parametrize(
    ("text", "regions", "missing"),
    [
        ("上高县租厂房", ["江西省宜春市上高县"], []),
        ("上高的厂房补贴", ["江西省宜春市上高县"], []),
        ("江西宜春上高县租厂房", ["江西省宜春市上高县"], []),
        ("宜春市袁州区租厂房", [], ["宜春市袁州区"]),
        ("佛山市顺德区的企业", ["广东省佛山市"], []),
        ("广东省深圳市的奖励", [], ["深圳市"]),
        ("合肥的小厂", ["安徽省"], []),
        ("鼓楼区的企业", [], []),
        ("渝节能技改项目补多少", ["重庆市"], []),
        ("皖专精特新和鲁小巨人", ["安徽省", "山东省"], []),
        ("川渝两地", ["四川省", "重庆市"], []),
        ("川数转方案", ["四川省"], []),
        ("沪专精特新奖多少", [], ["上海市"]),
        ("京津的补贴", [], []),
        ("山城的绿色工厂", ["重庆市"], []),
        ("申城的补贴", [], ["上海市"]),
        ("sd的zjtx企业", ["山东省"], []),
        ("HB单项冠军", ["湖北省"], []),
        ("chongqing绿色工厂", ["重庆市"], []),
        ("MY高新区", ["四川省绵阳市高新技术产业开发区"], []),
        ("湖北的sd企业", ["湖北省"], []),
        ("广东省和佛山市的补贴", ["广东省佛山市"], []),
        ("安徽省和合肥市的补贴", ["安徽省"], []),
        ("绵阳高新区和四川省", ["四川省绵阳市高新技术产业开发区", "四川省"], []),
        ("高新区租厂房", ["四川省绵阳市高新技术产业开发区"], []),
        ("高新技术产业的补贴", [], []),
        ("从绍兴整个搬过来，第二年租金补几成", [], []),
        ("从绍兴搬到南京有什么补贴", [], ["南京市"]),
        ("拿了租金补贴第四年搬去海口，钱退不退", [], []),
        ("想搬到海口有什么补贴", [], ["海口市"]),
        ("去海口参加展会，摊位费报多少", [], []),
        ("东西卖到南京运费补不补", [], []),
        ("在南京打工十年刚回来开店，给多少", [], []),
        ("与江苏、浙江的检测结果互认吗", [], []),
        ("去海口开店给多少", [], ["海口市"]),
    ],
)
def test_named(text, regions, missing):
    found = PLACES.find(text)
    assert (list(found.regions), list(found.missing)) == (regions, missing)


@pytest.mark.parametrize(
    "text",
    ["京东的补贴", "沪深两市", "粤菜馆", "川流不息", "云企业", "新企业怎么办", "苏打水", "IT企业", "AI产业", "羊城晚报", "浙商银行", "贵公司", "赣南脐橙"],
)  # fmt: skip
def test_not_named(text):
    assert PLACES.find(text).regions == PLACES.find(text).missing == ()


def test_a_place_within_the_one_asked_about_is_told():
    assert PLACES.find("江西有租金补贴吗").narrowed == (("江西省", "江西省宜春市上高县"),)
    assert PLACES.find("宜春有租金补贴吗").narrowed == (("宜春市", "江西省宜春市上高县"),)
    assert PLACES.find("上高有租金补贴吗").narrowed == PLACES.find("四川有租金补贴吗").narrowed == ()


def test_what_leads_to_a_county_is_no_word_of_the_topic():
    text = "江西上高县租厂房"
    covered = {place for start, end in PLACES.find(text).spans for place in range(start, end)}
    assert covered == set(range(5))


CATALOG = Catalog.of(
    [
        Document("粤", "广东省家政服务条例", "", level="省", region="广东省"),
        Document("国", "家政服务管理办法", "", level="国家"),
        Document(
            "闽政办〔2026〕14号",
            "关于外贸的实施意见",
            "",
            number="闽政办〔2026〕14号",
            level="省",
            region="福建省",
        ),
        Document("财金〔2021〕63号", "关于担保的通知", "", number="财金〔2021〕63号", level="国家"),
        Document(
            "嘉政办发〔2025〕18号", "若干措施", "", number="嘉政办发〔2025〕18号", region="浙江省嘉兴市"
        ),
    ]
)


@pytest.mark.parametrize(
    ("text", "documents", "missing"),
    [
        ("四川省家政服务条例罚多少", [], ["《四川省家政服务条例》"]),
        ("四川家政服务条例罚多少", [], ["《四川家政服务条例》"]),
        ("广东家政服务条例罚多少", ["粤"], []),
        ("家政服务条例罚多少", ["粤"], []),
        ("四川的企业适用广东省家政服务条例吗", ["粤"], []),
        ("四川家政服务管理办法怎么规定", ["国"], []),
        ("能直接拿闽政办〔2026〕14号里的补助吗", ["闽政办〔2026〕14号"], []),
        ("嘉兴市嘉政办发〔２０２５〕１８号", ["嘉政办发〔2025〕18号"], []),
        ("川财金〔2021〕63号", [], ["川财金〔2021〕63号"]),
    ],
)
def test_documents_of_another_region_are_not_meant(text, documents, missing):
    found = CATALOG.find_documents(text)
    assert (list(found.documents), list(found.missing)) == (documents, missing)


def test_a_province_and_a_city_in_it_side_by_side_are_two():
    held = Gazetteer.of(
        [Document(r, "某办法", "", region=r) for r in ("安徽省", "安徽省芜湖市", "浙江省湖州市德清县")]
    )
    assert held.find("安徽省和芜湖市的补贴").regions == ("安徽省", "安徽省芜湖市")
    assert held.find("安徽省芜湖市的补贴").regions == ("安徽省芜湖市",)
    assert held.find("安徽的芜湖").regions == ("安徽省芜湖市",)
    assert held.find("德清那个文里").regions == ("浙江省湖州市德清县",)
