/*
title: 健康状况
summary: 每人的医保、慢病、特殊病种、就诊与医疗费用
owner: weijian
theme: 医疗健康
grade: 4
key: [id_number]
items:
  id_number: {title: 身份证号, element: id_number}
  township_code: {title: 所属镇街, element: township_code}
  medical_insurance: {title: 医保险种, element: medical_insurance}
  chronic: {title: 慢病在管, grade: 4}
  special_diseases: {title: 特殊病种数, grade: 4}
  vaccinations: {title: 接种剂次, grade: 3}
  visits: {title: 就诊次数, grade: 4}
  last_visit_at: {title: 最近就诊时间, grade: 4}
  settled_cost_yuan: {title: 医保结算总费用(元), element: medical_cost_yuan}
  self_paid_yuan: {title: 个人支付(元), element: medical_cost_yuan}
*/
WITH insured AS (
    SELECT id_number, arg_max(medical_insurance, updated_at) AS medical_insurance
    FROM std.yibao_insured
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
chronic AS (
    SELECT DISTINCT id_number FROM std.weijian_chronic_disease WHERE id_number IS NOT NULL
),
special AS (
    SELECT id_number, count(DISTINCT disease_code) AS special_diseases
    FROM std.yibao_special_disease
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
vaccination AS (
    SELECT id_number, count(*) AS vaccinations
    FROM std.weijian_vaccination
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
visit AS (
    SELECT id_number, count(*) AS visits, max(visited_at) AS last_visit_at
    FROM std.weijian_visit
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
-- 医保局按分记账
settled AS (
    SELECT
        id_number,
        CAST(sum(total_cost) / 100 AS DECIMAL(18, 2)) AS settled_cost_yuan,
        CAST(sum(self_paid) / 100 AS DECIMAL(18, 2)) AS self_paid_yuan
    FROM std.yibao_settlement
    WHERE id_number IS NOT NULL
    GROUP BY id_number
)
SELECT
    p.id_number, left(p.place_code, 9) AS township_code, i.medical_insurance,
    c.id_number IS NOT NULL AS chronic,
    coalesce(s.special_diseases, 0) AS special_diseases,
    coalesce(n.vaccinations, 0) AS vaccinations,
    coalesce(v.visits, 0) AS visits,
    v.last_visit_at,
    coalesce(t.settled_cost_yuan, 0) AS settled_cost_yuan,
    coalesce(t.self_paid_yuan, 0) AS self_paid_yuan
FROM base.person AS p
LEFT JOIN insured AS i ON i.id_number = p.id_number
LEFT JOIN chronic AS c ON c.id_number = p.id_number
LEFT JOIN special AS s ON s.id_number = p.id_number
LEFT JOIN vaccination AS n ON n.id_number = p.id_number
LEFT JOIN visit AS v ON v.id_number = p.id_number
LEFT JOIN settled AS t ON t.id_number = p.id_number
WHERE NOT p.deceased
