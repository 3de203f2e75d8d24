"""What agencies put into columns: title, pinyin, English, meaning, origin of values.

One line a concept: title | PINYIN | english_name | kind | value. A table names its
columns by title; the agency's habit decides which of the three names they bear.
The kinds are short here and spelt out by `KINDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KINDS = {
    "id": "id_number",
    "person": "person_name",
    "org": "org_name",
    "birth": "birth_date",
    "addr": "address",
    "dt": "datetime",
    "int": "integer",
    "upd": "update_time",
    "village": "place_code:village",
    "township": "place_code:township",
}

_TEXT = """
身份证号|SFZH|id_card_no|id|person.id
姓名|XM|name|person|person.name
性别|XB|sex|sex|person.sex
出生日期|CSRQ|birth_date|birth|person.birth
民族|MZ|ethnicity|ethnicity|person.ethnicity
联系电话|LXDH|phone|phone|person.phone
住址|DZ|address|addr|person.address
户籍地址|HJDZ|registered_address|addr|person.address
所属村居|SSCJ|village_code|village|person.village
所属镇街|SSZJ|township_code|township|person.township
文化程度|WHCD|education|c:education|person.education
婚姻状况|HYZK|marital_status|c:marital|person.marital
户号|HH|household_no|text|person.household
户编号|HBH|household_id|text|serial(H12022,8)
与户主关系|YHZGX|relation_to_head|c:relation|person.relation
户口性质|HKXZ|household_type|c:hukou|person.hukou
人员状态|RYZT|person_status|c:person_state|person.state
户主姓名|HZXM|head_name|person|head.name
户主身份证号|HZSFZH|head_id_no|id|head.id
户内人数|HNRS|member_count|int|person.members
监护人姓名|JHRXM|guardian_name|person|guardian.name
监护人身份证号|JHRSFZH|guardian_id_no|id|guardian.id
监护人电话|JHRDH|guardian_phone|phone|guardian.phone
母亲姓名|MQXM|mother_name|person|mother.name
母亲身份证号|MQSFZH|mother_id_no|id|mother.id
父亲姓名|FQXM|father_name|person|father.name
父亲身份证号|FQSFZH|father_id_no|id|father.id
男方姓名|NFXM|husband_name|person|person.name
男方身份证号|NFSFZH|husband_id_no|id|person.id
男方出生日期|NFCSRQ|husband_birth|birth|person.birth
女方姓名|FFXM|wife_name|person|spouse.name
女方身份证号|FFSFZH|wife_id_no|id|spouse.id
女方出生日期|FFCSRQ|wife_birth|birth|spouse.birth
女方民族|FFMZ|wife_ethnicity|ethnicity|spouse.ethnicity
经办人|JBR|operator|person|officer.name
负责人|FZR|manager|person|officer.name
联系人|LXR|contact_name|person|officer.name
联系人电话|LXRDH|contact_phone|phone|officer.phone
单位名称|DWMC|employer_name|org|employer.name
单位信用代码|DWXYDM|employer_uscc|uscc|employer.uscc
企业名称|QYMC|company_name|org|firm.name
统一社会信用代码|TYSHXYDM|uscc|uscc|firm.uscc
法定代表人|FDDBR|legal_person|person|legal.name
法定代表人证件号|FRZJH|legal_person_id|id|legal.id
法人电话|FRDH|legal_phone|phone|legal.phone
企业类型|QYLX|company_type|c:firm_kind|firm.kind
行业门类|HYML|industry|c:industry|firm.industry
登记状态|DJZT|register_status|c:firm_state|firm.state
成立日期|CLRQ|founded_on|date|firm.founded
注销日期|ZXRQ|closed_on|date|firm.closed
注册资本|ZCZB|registered_capital|int|firm.capital
币种|BZ|currency|c:currency|code
经营范围|JYFW|business_scope|text|firm.scope
注册地址|ZCDZ|registered_office|addr|firm.address
企业电话|QYDH|company_phone|phone|firm.phone
从业人数|CYRS|staff_count|int|firm.staff
企业所在村居|QYSZCJ|company_village|village|firm.village
企业所在镇街|QYSZZJ|company_township|township|firm.township
机构名称|JGMC|org_name|org|inst.name
机构信用代码|JGXYDM|org_uscc|uscc|inst.uscc
机构地址|JGDZ|org_address|addr|inst.address
机构电话|JGDH|org_phone|phone|inst.phone
机构所在村居|JGSZCJ|org_village|village|inst.village
机构所在镇街|JGSZZJ|org_township|township|inst.township
机构负责人|JGFZR|org_head|person|legal.name
机构负责人证件号|JGFZRZJH|org_head_id|id|legal.id
机构人数|JGRS|org_staff|int|inst.staff
床位数|CWS|beds|int|int(10,400)
村居代码|CJDM|village|village|place.village
镇街代码|ZJDM|township|township|place.township
地点|DD|location|addr|place.address
经度|JD|lng|real|real(116.75,117.35,6)
纬度|WD|lat|real|real(39.15,39.7,6)
人员编号|RYBH|person_no|text|serial(RY,9)
档案编号|DABH|archive_no|text|serial(DA,8)
业务流水号|YWLSH|serial_no|text|serial(YW2026,8)
登记编号|DJBH|register_no|text|serial(DJ,9)
证书编号|ZSBH|certificate_no|text|serial(ZS120114,7)
单位编号|DWBH|unit_no|text|serial(DW,6)
项目编号|XMBH|project_no|text|serial(XM2025,6)
设备编号|SBBH|device_no|text|serial(SB,7)
案件编号|AJBH|case_no|text|serial(AJ2026,6)
学校编号|XXBH|school_no|text|serial(XX12,5)
机构编号|JGBH|institution_no|text|serial(JG12,6)
主体编号|ZTBH|entity_no|text|serial(ZT,8)
序号|XH|seq|int|serial(,0)
文号|WH|doc_no|text|serial(WQ2026-,6)
车号|CH|vehicle_no|text|serial(CL,7)
户籍编号|HJBH|register_id|text|serial(HJ,9)
救助证号|JZZH|relief_no|text|serial(JZ120114,7)
参保编号|CBBH|insured_no|text|serial(CB,9)
证件类型|ZJLX|id_type|c:id_type|pick(01)
迁移类别|QYLB|move_kind|c:move_kind|code
迁移原因|QYYY|move_reason|c:move_reason|code
迁移日期|QYRQ|moved_on|date|day
原住址|YZZ|former_address|addr|person.old_address
居住事由|JZSY|stay_reason|c:stay_reason|code
来本地日期|LBDRQ|arrived_on|date|day
户籍登记日期|HJDJRQ|registered_on|date|day
签发日期|QFRQ|issued_on|date|day
有效期止|YXQZ|valid_until|date|day(365,3650)
证照状态|ZZZT|certificate_status|c:certificate_state|code
号牌号码|HPHM|plate_no|plate|plate
车辆类型|CLLX|vehicle_type|c:vehicle_kind|code
燃料种类|RLZL|fuel|c:fuel|code
准驾车型|ZJCX|licence_class|c:licence_class|code
初次登记日期|CCDJRQ|first_registered_on|date|day
业务类别|YWLB|business_kind|c:marriage_kind|code
结婚日期|JHRQ|married_on|date|person.marriage
登记日期|DJRQ|registered_at|date|day
登记时间|DJSJ|register_time|dt|daytime
死亡日期|SWRQ|died_on|date|person.death
死亡原因|SWYY|death_cause|c:death_cause|code
安葬方式|AZFS|burial_kind|c:burial_kind|code
火化日期|HHRQ|cremated_on|date|day
低保类别|DBLB|relief_class|c:relief_class|code
救助状态|JZZT|relief_status|c:relief_state|code
致困原因|ZKYY|cause_of_need|c:poverty_cause|code
保障人口|BZRK|covered_members|int|person.members
申报月收入|SBYSR|declared_income|amount|person.declared
批准日期|PZRQ|approved_on|date|person.relief_since
所属期|SSQ|period|text|month
发放金额|FFJE|paid_amount|amount|amount(820,0.25)
发放日期|FFRQ|paid_on|date|day
发放状态|FFZT|pay_status|c:pay_state|code
开户银行|KHYH|bank|text|pick(农商银行;工商银行;农业银行;建设银行;邮储银行)
残疾类别|CJLB|disability_kind|c:disability_kind|code
残疾等级|CJDJ|disability_level|c:disability_level|code
险种类型|XZLX|insurance_kind|c:insurance_kind|code
参保状态|CBZT|insured_status|c:insurance_state|code
首次参保日期|SCCBRQ|insured_since|date|day
申报收入|SBSR|taxed_income|amount|person.wage
缴费基数|JFJS|contribution_base|amount|person.wage
单位缴费|DWJF|employer_paid|amount|share(person.wage,0.16)
个人缴费|GRJF|personal_paid|amount|share(person.wage,0.08)
到账日期|DZRQ|received_on|date|day
养老金额|YLJE|pension_amount|amount|person.pension
失业原因|SYYY|unemployment_cause|c:unemployment_cause|code
失业日期|SYRQ|unemployed_on|date|day
工种|GZ|occupation|text|pick(普工;电工;焊工;驾驶员;文员;销售;保洁;厨师)
证书名称|ZSMC|certificate_name|text|pick(电工;焊工;育婴员;保育师;养老护理员;会计)
疫苗种类|YMZL|vaccine|c:vaccine|code
接种剂次|JZJC|dose|int|int(1,3)
接种日期|JZRQ|vaccinated_on|date|day
疫苗批号|YMPH|batch_no|text|serial(P,7)
就诊类型|JZLX|visit_kind|c:visit_kind|code
就诊时间|JZSJ|visited_at|dt|daytime
诊断编码|ZDBM|diagnosis_code|text|pick(I10;J06.9;E11.9;K29.5;M54.5;I25.1;J18.9;N39.0)
总费用|ZFY|total_cost|amount|amount(260,1.1)
出生医学证明号|CSYXZMH|birth_certificate_no|text|serial(U12,7)
出生体重|CSTZ|birth_weight|int|int(2300,4300)
出生孕周|CSYZ|gestation_weeks|int|int(35,41)
机构类别|JGLB|org_kind|c:hospital_kind|code
医院等级|YYDJ|hospital_level|c:hospital_level|code
许可证类别|XKZLB|licence_kind|c:licence|code
许可证号|XKZH|licence_no|text|serial(JY112011400,7)
股东姓名|GDXM|shareholder_name|person|officer.name
股东证件号|GDZJH|shareholder_id|id|officer.id
认缴金额|RJJE|subscribed_amount|amount|amount(300000,1.2)
出资比例|CZBL|share_percent|real|real(1,100,2)
检查结果|JCJG|inspection_result|c:inspection|code
检查日期|JCRQ|inspected_on|date|day
医保险种|YBXZ|medical_insurance|c:medical_insurance|person.medical
结算类别|JSLB|settle_kind|c:settle_kind|code
结算时间|JSSJ|settled_at|dt|daytime
统筹支付|TCZF|fund_paid|amount|amount(150,1.0)
个人支付|GRZF|self_paid|amount|amount(80,1.0)
病种代码|BZDM|disease_code|c:special_disease|code
认定日期|RDRQ|recognised_on|date|day
学校类别|XXLB|school_kind|c:school_kind|code
年级|NJ|grade|c:grade|person.grade
班级|BJ|class_no|int|int(1,12)
入学日期|RXRQ|enrolled_on|date|day
学生人数|XSRS|student_count|int|int(80,2400)
职称|ZC|job_title|text|pick(二级教师;一级教师;高级教师;正高级教师)
资助金额|ZZJE|aid_amount|amount|amount(1000,0.3)
政治面貌|ZZMM|politics|c:politics|code
职务|ZW|post|text|pick(科员;副科长;科长;副主任;主任;副书记)
入党日期|RDSJ|joined_party_on|date|day
优抚类别|YFLB|veteran_kind|c:veteran|code
入伍日期|RWRQ|enlisted_on|date|day
退役日期|TYRQ|discharged_on|date|day(700,1100)
权利类型|QLLX|right_kind|c:right_kind|code
房屋用途|FWYT|house_use|c:house_use|code
建筑面积|JZMJ|floor_area|real|real(38,190,2)
土地用途|TDYT|land_use|c:land_use|code
土地面积|TDMJ|land_area|real|real(120,90000,2)
承包面积|CBMJ|contract_area|real|real(0.4,18,2)
作物种类|ZWZL|crop|c:crop|code
补贴金额|BTJE|subsidy_amount|amount|amount(950,0.5)
合同金额|HTJE|contract_amount|amount|amount(860000,1.3)
投资金额|TZJE|investment|amount|amount(5200000,1.2)
罚款金额|FKJE|fine_amount|amount|amount(3000,1.0)
税额|SE|tax_amount|amount|amount(6200,1.4)
营业收入|YYSR|revenue|amount|amount(1600000,1.3)
预算金额|YSJE|budget_amount|amount|amount(900000,1.2)
奖励金额|JLJE|award_amount|amount|amount(150000,0.8)
租金|ZJ|rent|amount|amount(620,0.4)
项目名称|XMMC|project_name|text|pick(道路改造工程;产业园基础设施;学校改扩建;污水管网提升;老旧小区改造;智能制造升级;高标准农田;数字乡村)
项目状态|XMZT|project_status|c:project_state|code
资金来源|ZJLY|fund_source|c:fund|code
开工日期|KGRQ|started_on|date|day
计划完工日期|JHWGRQ|due_on|date|day(200,1400)
事项名称|SXMC|matter_name|text|pick(企业设立登记;食品经营许可;社保卡补领;不动产登记;高龄津贴申领;出生一件事;公积金提取;水电报装)
事项编码|SXBM|matter_code|text|serial(SX,6)
办理结果|BLJG|handling_result|c:result|code
办结时间|BJSJ|finished_at|dt|daytime(1,30)
受理时间|SLSJ|accepted_at|dt|daytime
来源渠道|LYQD|channel|c:channel|code
等级|DJ|severity|c:level|code
风险等级|FXDJ|risk_level|c:risk|code
业务状态|YWZT|status|c:state|code
是否|SF|flag|c:yes_no|code
发生时间|FSSJ|happened_at|dt|daytime
发生日期|FSRQ|happened_on|date|day
标题|BT|title|text|pick(关于做好安全生产的通知;关于优化营商环境的意见;会议纪要;工作要点;督查通报;关于年度考核的通知)
内容|NR|content|text|pick(道路破损;供暖不足;噪声扰民;违章建设;停水;垃圾清运不及时;物业纠纷;欠薪)
处罚种类|CFZL|penalty_kind|c:penalty|code
处罚日期|CFRQ|punished_on|date|day
排污类别|PWLB|pollution_class|c:pollutant|code
监测值|JCZ|reading|real|real(0,160,2)
监测时间|JCSJ|measured_at|dt|daytime
用水性质|YSXZ|water_use|c:water_kind|code
用量|YL|quantity|int|int(1,400)
取水量|QSL|intake|real|real(20,9000,1)
税种|SZ|tax_kind|c:tax|code
纳税人类型|NSRLX|taxpayer_class|c:tax_class|code
入库日期|RKRQ|paid_in_on|date|day
预警级别|YJJB|warning_level|c:warning|code
灾害种类|ZHZL|hazard_weather|c:weather|code
气温|QW|temperature|real|real(-16,39,1)
降水量|JSL|rainfall|real|real(0,60,1)
风速|FS|wind_speed|real|real(0,22,1)
危险源类别|WXYLB|hazard_kind|c:hazard|code
信访目的|XFMD|petition_aim|c:petition|code
专利号|ZLH|patent_no|text|serial(ZL2025,8)
产值|CZ|output|amount|amount(7800000,1.2)
能耗|NH|energy|real|real(5,9000,1)
年度|ND|year|int|year
人口数|RKS|population|int|int(300,6000)
户数|HS|households|int|int(90,2100)
数量|SL|count|int|int(1,60)
得分|DF|score|real|real(60,100,1)
规格|GG|spec|text|pick(小型;中型;大型)
设备名称|SBMC|device_name|text|pick(锅炉;电梯;起重机;压力容器;叉车;客运索道)
养护单位|YHDW|maintained_by|text|pick(市政一所;市政二所;园林所;环卫中心)
线路名称|XLMC|route|text|pick(501路;502路;516路;570路;杨村环线;京津城际接驳)
备注|BZXX|remark|text|pick(无;已核实;待补材料;系统迁移;窗口录入)
更新时间|GXSJ|updated_at|upd|now
"""


@dataclass(frozen=True)
class Concept:
    title: str
    pinyin: str
    english: str
    kind: str
    value: str


def _kind(short: str) -> str:
    return f"code:{short[2:]}" if short.startswith("c:") else KINDS.get(short, short)


def _parse(line: str) -> Concept:
    title, pinyin, english, kind, value = line.split("|")
    return Concept(title, pinyin, english, _kind(kind), value)


CONCEPTS: Mapping[str, Concept] = {
    concept.title: concept for concept in map(_parse, filter(None, _TEXT.splitlines()))
}


def _camel(snake: str) -> str:
    first, *rest = snake.split("_")
    return first + "".join(word.capitalize() for word in rest)


def column_name(concept: Concept, naming: str) -> str:
    """The concept's column name in an agency of the given habit."""
    return {
        "pinyin_upper": concept.pinyin,
        "pinyin_lower": concept.pinyin.lower(),
        "english_snake": concept.english,
        "english_upper": concept.english.upper(),
        "english_camel": _camel(concept.english),
        "chinese": concept.title,
    }[naming]
