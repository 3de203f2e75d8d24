/*
title: 企业信用
summary: 每个在营主体的处罚、检查、公共信用评价与纳税
owner: fagai
theme: 信用
key: [uscc]
items:
  uscc: {title: 统一社会信用代码, element: uscc}
  name: {title: 名称, element: organization_name}
  kind: {title: 主体类别}
  industry: {title: 行业门类, element: industry}
  township_code: {title: 所属镇街, element: township_code}
  score: {title: 公共信用得分, element: score}
  risk_level: {title: 风险等级, element: risk}
  penalties: {title: 处罚次数}
  fined_yuan: {title: 罚款合计(元), element: money_yuan}
  failed_inspections: {title: 检查未通过次数}
  taxed_yuan: {title: 入库税款(元), element: money_yuan}
*/
WITH penalty AS (
    SELECT uscc, count(*) AS penalties, coalesce(sum(fine_amount), 0) AS fined_yuan
    FROM (
        SELECT uscc, fine_amount FROM std.shichang_punishment
        UNION ALL
        SELECT uscc, fine_amount FROM std.shengtai_penalty
    )
    WHERE uscc IS NOT NULL
    GROUP BY uscc
),
inspection AS (
    SELECT uscc, count(CASE WHEN inspection_result <> '1' THEN 1 END) AS failed_inspections
    FROM std.shichang_inspection
    WHERE uscc IS NOT NULL
    GROUP BY uscc
),
credit AS (
    SELECT
        uscc, arg_max(score, registered_on) AS score, arg_max(risk_level, registered_on)
            AS risk_level
    FROM std.fagai_credit_rating
    WHERE uscc IS NOT NULL
    GROUP BY uscc
),
tax AS (
    SELECT uscc, sum(tax_amount) AS taxed_yuan
    FROM std.shuiwuju_tax_paid
    WHERE uscc IS NOT NULL
    GROUP BY uscc
)
SELECT
    e.uscc, e.name, e.kind, e.industry, e.township_code, c.score, c.risk_level,
    coalesce(p.penalties, 0) AS penalties,
    coalesce(p.fined_yuan, 0) AS fined_yuan,
    coalesce(i.failed_inspections, 0) AS failed_inspections,
    coalesce(t.taxed_yuan, 0) AS taxed_yuan
FROM base.enterprise AS e
LEFT JOIN credit AS c ON c.uscc = e.uscc
LEFT JOIN penalty AS p ON p.uscc = e.uscc
LEFT JOIN inspection AS i ON i.uscc = e.uscc
LEFT JOIN tax AS t ON t.uscc = e.uscc
WHERE e.register_status = '1'
