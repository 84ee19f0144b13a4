"""Closed questions about a person, and the answers that the law knows (枚举)."""

from __future__ import annotations

from civaffairs.people.columns import Choice


class Relation(Choice):
    """What a person is to the applicant (与申请人关系); art. 7 asks for no more than these."""

    APPLICANT = ("applicant", "申请人")
    SPOUSE = ("spouse", "配偶")
    CHILD = ("child", "子女")
    PARENT = ("parent", "父母")
    OTHER_OBLIGED = ("other_obliged", "其他有法定赡养、扶养、抚养义务关系的人员")
    OTHER = ("other", "无法定义务关系的人员")


class Absence(Choice):
    """Why a person is not in the home, where art. 7 takes them out of the count."""

    NONE = ("none", "无")
    PRISON = ("prison", "在监狱内服刑")
    COMPULSORY_DETOXIFICATION = ("compulsory_detoxification", "强制隔离戒毒")
    DECLARED_MISSING = ("declared_missing", "宣告失踪")


class Schooling(Choice):
    """The school a person attends now."""

    NONE = ("none", "不在校")
    COMPULSORY = ("compulsory", "义务教育")
    SENIOR_SECONDARY = ("senior_secondary", "高中阶段教育（含中等职业教育）")
    UNDERGRADUATE = ("undergraduate", "全日制专科、本科")
    POSTGRADUATE = ("postgraduate", "研究生")
    PART_TIME = ("part_time", "非全日制")


class DisabilityKind(Choice):
    """The kind written in the disability certificate (残疾人证); ``NONE``: no certificate."""

    NONE = ("none", "无残疾人证")
    VISUAL = ("visual", "视力残疾")
    HEARING = ("hearing", "听力残疾")
    SPEECH = ("speech", "言语残疾")
    PHYSICAL = ("physical", "肢体残疾")
    INTELLECTUAL = ("intellectual", "智力残疾")
    MENTAL = ("mental", "精神残疾")
    MULTIPLE = ("multiple", "多重残疾")


class Placement(Choice):
    """Where a child without parental care is brought up (养育方式)."""

    FAMILY = ("family", "父母家庭")
    INSTITUTION = ("institution", "机构集中养育")
    RELATIVES = ("relatives", "社会散居")
    FOSTER = ("foster", "家庭寄养")
    ADOPTED = ("adopted", "被收养")


class ParentState(Choice):
    """What is known of a parent's life."""

    ALIVE = ("alive", "健在")
    DEAD = ("dead", "死亡")
    DECLARED_DEAD = ("declared_dead", "宣告死亡")
    DECLARED_MISSING = ("declared_missing", "宣告失踪")
    NOT_FOUND = ("not_found", "查找不到")


class Custody(Choice):
    """What keeps a parent from the child by force of law."""

    NONE = ("none", "无")
    PRISON = ("prison", "服刑在押")
    COMPULSORY_DETOXIFICATION = ("compulsory_detoxification", "强制隔离戒毒")
    OTHER_RESTRICTION = ("other_restriction", "被执行其他限制人身自由的措施")


class BenefitChoice(Choice):
    """Which benefit a person chose where only one of several can be drawn (特困人员认定办法 art. 9)."""

    TEKUN = ("tekun", "特困人员救助供养")
    CHILDREN = ("children", "孤儿或事实无人抚养儿童保障")
    DIBAO = ("dibao", "最低生活保障")


class SupportMode(Choice):
    """How a person in extreme hardship is supported (供养形式); the person chooses."""

    CONCENTRATED = ("concentrated", "集中供养")
    SCATTERED = ("scattered", "分散供养")


class SelfCare(Choice):
    """How far an old person can take care of themselves (自理能力), as assessed."""

    ABLE = ("able", "能够自理")
    PARTLY = ("partly", "部分失能（半失能）")
    UNABLE = ("unable", "失能")


class HukouKind(Choice):
    """Whether the household registration is of a town or of the country (户籍性质)."""

    URBAN = ("urban", "城镇")
    RURAL = ("rural", "农村")
