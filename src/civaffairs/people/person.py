"""A person: who they are, what they earn, their disability, and the state of a child's parents."""

from __future__ import annotations

from datetime import date

import attrs

from civaffairs.people.answers import (
    Absence,
    BenefitChoice,
    Custody,
    DisabilityKind,
    HukouKind,
    ParentState,
    Placement,
    Relation,
    Schooling,
    SelfCare,
    SupportMode,
)
from civaffairs.people.columns import Kind, fact
from civaffairs.people.parent import UNATTENDED_OPINIONS, Parent

__all__ = [
    "DIBAO_MEASURES",
    "Absence",
    "BenefitChoice",
    "Custody",
    "DisabilityKind",
    "HukouKind",
    "Parent",
    "ParentState",
    "Person",
    "Placement",
    "Relation",
    "Schooling",
    "SelfCare",
    "SupportMode",
]

DIBAO_MEASURES = "最低生活保障审核确认办法"
TEKUN_MEASURES = "特困人员认定办法"
MINORS_LAW = "未成年人保护法"


@attrs.frozen(kw_only=True, repr=False)
class Person:
    """The facts about one person that any rule may ask for; ``None`` means not stated, which is never nought.

    Money is in fen (`civaffairs.yuan` reads yuan). Each kind of income comes with the number of months that it covers.
    """

    person_id: str = fact(Kind.KEY, "人员编号", "the roster's own key, unique in the whole roster", required=True)
    birth_date: date = fact(Kind.DATE, "出生日期", "day of birth", required=True)
    resident_number: str | None = fact(
        Kind.NUMBER, "公民身份号码", "checked against the day of birth if given; never shown, never needed by a rule"
    )
    hukou_place: str | None = fact(
        Kind.PLACE, "户籍地", "division of the household registration; a retired code is followed to its successor"
    )
    relation: Relation | None = fact(
        Kind.CHOICE,
        "与申请人关系",
        "what the person is to the applicant",
        source=f"{DIBAO_MEASURES} art. 7",
        choices=Relation,
    )
    lives_together: bool | None = fact(
        Kind.FLAG, "长期共同居住", "lives with the applicant for the long term", source=f"{DIBAO_MEASURES} art. 7(4)"
    )
    can_live_independently: bool | None = fact(
        Kind.FLAG, "能独立生活", "an adult able to live independently", source=f"{DIBAO_MEASURES} art. 7(3)"
    )
    schooling: Schooling | None = fact(
        Kind.CHOICE, "就学情况", "the school attended now", source=f"{DIBAO_MEASURES} art. 7(3)", choices=Schooling
    )
    absence: Absence | None = fact(
        Kind.CHOICE,
        "不在家原因",
        "prison, compulsory detoxification, declared missing",
        source=f"{DIBAO_MEASURES} art. 7",
        choices=Absence,
    )
    clergy_months: int | None = fact(
        Kind.COUNT,
        "宗教教职人员脱离家庭月数",
        "completed months as clergy living apart from the family in a religious place; 0 if not",
        source=f"{DIBAO_MEASURES} art. 7, art. 8(3)",
        high=1_500,
    )
    employed: bool | None = fact(Kind.FLAG, "就业", "has work", source="2022 notice 一(一)")

    wage_income: int | None = fact(
        Kind.FEN,
        "工资性收入",
        "pay and allowances before the costs of working",
        source=f"{DIBAO_MEASURES} art. 13(1)",
        group="income",
    )
    employment_cost: int | None = fact(
        Kind.FEN,
        "必要的就业成本",
        "necessary costs of working, as accepted",
        source=f"{DIBAO_MEASURES} art. 13(1)",
        group="income",
    )
    wage_months: int | None = fact(
        Kind.COUNT, "工资覆盖月数", "months that the pay and its costs cover", low=1, high=12, group="income"
    )
    business_income: int | None = fact(
        Kind.FEN,
        "经营收入",
        "receipts of farming, trade or services",
        source=f"{DIBAO_MEASURES} art. 13(2)",
        group="income",
    )
    business_cost: int | None = fact(
        Kind.FEN,
        "经营成本",
        "running costs, depreciation and production taxes",
        source=f"{DIBAO_MEASURES} art. 13(2)",
        group="income",
    )
    business_months: int | None = fact(
        Kind.COUNT, "经营覆盖月数", "months that the receipts and costs cover", low=1, high=12, group="income"
    )
    property_income: int | None = fact(
        Kind.FEN, "财产收入", "interest, dividends, rents", source=f"{DIBAO_MEASURES} art. 13(3)", group="income"
    )
    property_cost: int | None = fact(
        Kind.FEN,
        "财产相关费用",
        "costs of letting or holding them",
        source=f"{DIBAO_MEASURES} art. 13(3)",
        group="income",
    )
    property_months: int | None = fact(
        Kind.COUNT, "财产收入覆盖月数", "months that they cover", low=1, high=12, group="income"
    )
    transfer_income: int | None = fact(
        Kind.FEN,
        "转移性收入",
        "all regular transfers received, with the excluded ones that follow",
        source=f"{DIBAO_MEASURES} art. 13(4)",
        group="income",
    )
    award_income: int | None = fact(
        Kind.FEN,
        "优抚金、奖励扶助、奖学金、见义勇为奖励",
        "of which pensions of honour, family-planning awards, scholarships, awards for bravery",
        source=f"{DIBAO_MEASURES} art. 13 不计入(1)",
        group="income",
    )
    assistance_income: int | None = fact(
        Kind.FEN,
        "社会救助款物",
        "of which social assistance by government, a de facto unattended child's subsidy among it",
        source=f"{DIBAO_MEASURES} art. 13 不计入(2)",
        group="income",
    )
    basic_pension: int | None = fact(
        Kind.FEN,
        "基础养老金",
        "of which the centrally set basic pension of residents",
        source=f"{DIBAO_MEASURES} art. 13 不计入(3)",
        group="income",
    )
    honour_pension_income: int | None = fact(
        Kind.FEN,
        "优抚金",
        "pensions of honour, a part of award_income",
        source=f"{TEKUN_MEASURES} art. 6",
        group="income",
    )
    medical_insurance_income: int | None = fact(
        Kind.FEN,
        "基本医疗保险等社会保险待遇",
        "of which benefits of basic medical insurance and social insurance of its kind",
        source=f"{TEKUN_MEASURES} art. 6",
        group="income",
    )
    locally_exempt_income: int | None = fact(
        Kind.FEN,
        "地方规定不计入的收入",
        "of which exempt by a rule of a city or above",
        source=f"{DIBAO_MEASURES} art. 13 不计入(4)",
        group="income",
    )
    exempted_support: int | None = fact(
        Kind.FEN,
        "豁免的供养费用",
        "of which support from siblings or from persons of 60 and over that the office exempted",
        source="2022 notice 一(一)",
        group="income",
    )
    old_age_allowance_income: int | None = fact(
        Kind.FEN,
        "高龄津贴收入",
        "of which old-age allowance received",
        source=f"{DIBAO_MEASURES} art. 13 (silent)",
        group="income",
    )
    transfer_paid: int | None = fact(
        Kind.FEN,
        "转移性支出",
        "taxes, social insurance and maintenance paid",
        source=f"{DIBAO_MEASURES} art. 13(4)",
        group="income",
    )
    transfer_months: int | None = fact(
        Kind.COUNT, "转移收支覆盖月数", "months that the transfers cover", low=1, high=12, group="income"
    )
    rigid_deduction: int | None = fact(
        Kind.FEN,
        "刚性支出扣减",
        "deduction decided for disability or serious illness",
        source=f"{DIBAO_MEASURES} art. 13, last paragraph",
        group="income",
    )
    deduction_months: int | None = fact(
        Kind.COUNT, "扣减覆盖月数", "months that the deduction covers", low=1, high=12, group="income"
    )
    own_assets_within_limits: bool | None = fact(
        Kind.FLAG,
        "本人财产符合规定",
        "the person's own assets are within the limits, as found by the office",
        source=f"{DIBAO_MEASURES} arts. 8, 14",
    )

    disability_kind: DisabilityKind | None = fact(
        Kind.CHOICE,
        "残疾类别",
        "the kind in the disability certificate",
        source=f"{DIBAO_MEASURES} art. 8(1)",
        choices=DisabilityKind,
    )
    disability_grade: int | None = fact(
        Kind.COUNT,
        "残疾等级",
        "its grade, 1 the gravest; 0 without a certificate",
        source=f"{DIBAO_MEASURES} art. 8(1)",
        high=4,
    )
    needs_long_term_care: bool | None = fact(
        Kind.FLAG,
        "需要长期照护",
        "found to need long-term care",
        source="Guangxi rules on the two disability subsidies",
    )
    serious_illness_recognised: bool | None = fact(
        Kind.FLAG,
        "重特大疾病",
        "recognised by the competent office as seriously ill",
        source=f"{DIBAO_MEASURES} art. 8(2)",
    )
    special_hardship_recognised: bool | None = fact(
        Kind.FLAG,
        "确有特殊困难",
        "recognised as in special hardship, seriously ill outside the local list among others",
        source="社会救助法 art. 21(2); 2022 notice 一(四)",
    )
    single_person_by_local_rule: bool | None = fact(
        Kind.FLAG,
        "地方规定的特殊困难人员",
        "may apply alone under a rule of the county or above",
        source=f"{DIBAO_MEASURES} art. 8(4)",
    )
    recorded_tekun: bool | None = fact(
        Kind.FLAG,
        "特困人员",
        "on record as a person in extreme hardship",
        source="特困人员认定办法 art. 4; 社会救助法 art. 16",
    )
    recorded_tekun_amount: int | None = fact(
        Kind.FEN,
        "特困供养金",
        "extreme-hardship support a month as decided; left out, it is worked out from the standards",
        source=f"{UNATTENDED_OPINIONS} 三(一)",
    )
    no_able_obligor: bool | None = fact(
        Kind.FLAG,
        "无法定义务人或其无履行义务能力",
        "found to have nobody bound by law to support them, or only persons who cannot",
        source=f"{TEKUN_MEASURES} arts. 4(3), 8",
    )
    unable_to_work_by_local_rule: bool | None = fact(
        Kind.FLAG,
        "地方规定的无劳动能力情形",
        "unable to work under a rule of the region",
        source=f"{TEKUN_MEASURES} art. 5(4)",
    )
    tekun_assets_within_limits: bool | None = fact(
        Kind.FLAG,
        "财产符合特困规定",
        "the person's own assets are within the limits for extreme hardship, as found by the office",
        source=f"{TEKUN_MEASURES} arts. 6, 7",
    )
    eats_unaided: bool | None = fact(Kind.FLAG, "自主吃饭", "eats alone", source=f"{TEKUN_MEASURES} art. 21(1)")
    dresses_unaided: bool | None = fact(Kind.FLAG, "自主穿衣", "dresses alone", source=f"{TEKUN_MEASURES} art. 21(2)")
    gets_up_unaided: bool | None = fact(
        Kind.FLAG, "自主上下床", "gets in and out of bed alone", source=f"{TEKUN_MEASURES} art. 21(3)"
    )
    toilets_unaided: bool | None = fact(
        Kind.FLAG, "自主如厕", "uses the toilet alone", source=f"{TEKUN_MEASURES} art. 21(4)"
    )
    walks_unaided: bool | None = fact(
        Kind.FLAG, "室内自主行走", "walks indoors alone", source=f"{TEKUN_MEASURES} art. 21(5)"
    )
    bathes_unaided: bool | None = fact(Kind.FLAG, "自主洗澡", "bathes alone", source=f"{TEKUN_MEASURES} art. 21(6)")
    support_mode: SupportMode | None = fact(
        Kind.CHOICE,
        "供养形式",
        "supported in an institution or at home",
        source="社会救助法 art. 16(2)",
        choices=SupportMode,
    )
    able_to_work: bool | None = fact(Kind.FLAG, "有劳动能力", "able to work", source=f"{DIBAO_MEASURES} arts. 31, 34")
    work_refusals: int | None = fact(
        Kind.COUNT,
        "连续拒绝就业次数",
        "suitable jobs refused in a row without good reason",
        source=f"{DIBAO_MEASURES} art. 34",
        high=100,
    )
    self_care: SelfCare | None = fact(
        Kind.CHOICE, "自理能力", "how far the person cares for themselves, as assessed", choices=SelfCare
    )
    dementia: bool | None = fact(Kind.FLAG, "失智", "assessed as having dementia")
    family_planning_special: bool | None = fact(
        Kind.FLAG, "计划生育特殊家庭", "of a family that lost or has a disabled only child (失独等), as recognised"
    )
    lives_alone: bool | None = fact(
        Kind.FLAG, "独自居住", "lives alone; of a child, apart from every guardian", source=f"{MINORS_LAW} art. 21"
    )
    home_service_bill: int | None = fact(Kind.FEN, "居家服务费用", "bill for services at home, a month")
    hukou_kind: HukouKind | None = fact(
        Kind.CHOICE, "户籍性质", "town or country", source="国发〔2016〕13号", choices=HukouKind
    )
    entrusted_carer: bool | None = fact(
        Kind.FLAG,
        "已委托照护",
        "parents who are away have entrusted an adult who is able to care",
        source=f"{MINORS_LAW} art. 22",
    )
    days_since_contact: int | None = fact(
        Kind.COUNT,
        "距上次联系天数",
        "days since the parents last spoke with the child or the carer; 0 if they live with the child",
        source=f"{MINORS_LAW} art. 23",
        high=36_500,
    )
    left_unattended: bool | None = fact(
        Kind.FLAG, "无人看护", "found without anybody looking after the child", source=f"{MINORS_LAW} art. 21"
    )
    poverty_hardship: bool | None = fact(
        Kind.FLAG,
        "因贫生活、就医、就学困难",
        "found in difficulty in living, medicine or schooling because the family is poor",
        source="国发〔2016〕36号",
    )
    guardianship_failing: bool | None = fact(
        Kind.FLAG, "监护缺失或监护不当", "found without a guardian, or with an unfit one", source="国发〔2016〕36号"
    )
    safety_harmed: bool | None = fact(
        Kind.FLAG,
        "人身安全受到威胁或侵害",
        "found abused, abandoned, injured or infringed upon, or in danger of it",
        source="国发〔2016〕36号",
    )
    work_injury_care: bool | None = fact(Kind.FLAG, "工伤生活护理费", "draws the work-injury care allowance")
    other_living_allowance: int | None = fact(
        Kind.FEN, "其他福利性生活补贴", "another welfare living allowance, a month"
    )
    other_nursing_allowance: int | None = fact(
        Kind.FEN,
        "其他福利性护理补贴",
        "another welfare nursing allowance, a month",
        source="Guangxi rules on the two disability subsidies",
    )
    placement: Placement | None = fact(
        Kind.CHOICE,
        "养育方式",
        "where a child without parental care is brought up",
        source="国办发〔2010〕54号",
        choices=Placement,
    )
    benefit_choice: BenefitChoice | None = fact(
        Kind.CHOICE,
        "待遇选择",
        "what was chosen where both are open",
        source="特困人员认定办法 art. 9",
        choices=BenefitChoice,
    )
    mother: Parent | None = None
    father: Parent | None = None

    def __repr__(self) -> str:
        return "<Person>"
