/*
title: 户籍家庭
summary: 每户的在世人口、年龄结构、已知收入、车辆、住房与低保情况
owner: minzheng
theme: 社会保障
grade: 3
sharing: conditional
key: [household_id]
items:
  household_id: {title: 户编号, element: record_no}
  household_no: {title: 户号, element: household_no}
  place_code: {title: 所属村居, element: village_code}
  township_code: {title: 所属镇街, element: township_code}
  size: {title: 在世人数}
  children: {title: 未满 18 岁人数}
  elders: {title: 60 岁以上人数}
  youngest_age: {title: 最小年龄}
  oldest_age: {title: 最大年龄}
  wage: {title: 工资(元/月), element: income_yuan}
  pension: {title: 养老金(元/月), element: income_yuan}
  farm_income: {title: 农业经营收入估算(元/月), element: income_yuan}
  declared_per_capita: {title: 核对申报人均收入(元/月), element: income_yuan}
  income_per_capita: {title: 人均月收入(元), element: income_yuan}
  income_basis: {title: 收入依据}
  cars: {title: 车辆数}
  homes: {title: 本人名下住房最多者的套数}
  firm_owners: {title: 经营主体负责人数}
  dibao_members: {title: 低保人数}
  dibao: {title: 享受低保}
checks:
  - {name: size_positive, title: 户内有在世的人, dimension: 完整性, expr: "size > 0"}
*/
WITH member AS (
    SELECT
        r.household_id, p.id_number, NOT p.deceased AS alive,
        date_diff('year', p.birth_date, current_date)
            - CASE WHEN strftime(current_date, '%m%d') < strftime(p.birth_date, '%m%d')
                THEN 1 ELSE 0 END AS age
    FROM std.gongan_resident AS r
    JOIN base.person AS p ON p.id_number = r.id_number
    WHERE r.household_id IS NOT NULL
),
-- 缴费基数与计税收入都是工资的旁证,取其大者
wage AS (
    SELECT id_number, max(amount) AS wage
    FROM (
        SELECT id_number, contribution_base AS amount FROM std.renshe_insured
        UNION ALL
        SELECT id_number, contribution_base FROM std.renshe_contribution
        UNION ALL
        SELECT id_number, taxed_income FROM std.shuiwuju_income_tax
    )
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
pension AS (
    SELECT id_number, arg_max(pension_amount, period) AS pension
    FROM std.renshe_pension
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
-- 没有申报的务农者按每月 2200 元估算;没有其他收入时才用
farmer AS (
    SELECT DISTINCT id_number FROM std.caizheng_subsidy_card WHERE id_number IS NOT NULL
    UNION
    SELECT DISTINCT id_number FROM std.nongye_contracted_land WHERE id_number IS NOT NULL
    UNION
    SELECT DISTINCT id_number FROM std.nongye_farm_machine WHERE id_number IS NOT NULL
),
declared AS (
    SELECT id_number, max(declared_income) AS declared
    FROM (
        SELECT id_number, declared_income FROM std.minzheng_means_test
        UNION ALL
        SELECT id_number, declared_income FROM std.minzheng_dibao
    )
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
car AS (
    SELECT id_number, count(DISTINCT plate_no) AS cars
    FROM std.gongan_vehicle
    WHERE id_number IS NOT NULL AND certificate_status IN ('1', '2')
    GROUP BY id_number
),
-- 同一处房屋登记两次的只算一处
home AS (
    SELECT id_number, count(DISTINCT location) AS homes
    FROM std.guihua_house
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
owner AS (
    SELECT DISTINCT legal_person_id_number AS id_number
    FROM base.enterprise
    WHERE register_status = '1' AND legal_person_id_number IS NOT NULL
),
dibao AS (
    SELECT DISTINCT id_number
    FROM std.minzheng_dibao
    WHERE relief_status = '1' AND id_number IS NOT NULL
),
gathered AS (
    SELECT
        m.household_id,
        count(CASE WHEN m.alive THEN 1 END) AS size,
        count(CASE WHEN m.alive AND m.age < 18 THEN 1 END) AS children,
        count(CASE WHEN m.alive AND m.age >= 60 THEN 1 END) AS elders,
        min(CASE WHEN m.alive THEN m.age END) AS youngest_age,
        max(CASE WHEN m.alive THEN m.age END) AS oldest_age,
        coalesce(sum(CASE WHEN m.alive THEN w.wage END), 0) AS wage,
        coalesce(sum(CASE WHEN m.alive THEN n.pension END), 0) AS pension,
        coalesce(
            sum(CASE WHEN m.alive AND f.id_number IS NOT NULL AND w.wage IS NULL THEN 2200 END), 0
        ) AS farm_income,
        max(d.declared) AS declared_per_capita,
        CAST(coalesce(sum(c.cars), 0) AS BIGINT) AS cars,
        coalesce(max(h.homes), 0) AS homes,
        count(o.id_number) AS firm_owners,
        count(b.id_number) AS dibao_members
    FROM member AS m
    LEFT JOIN wage AS w ON w.id_number = m.id_number
    LEFT JOIN pension AS n ON n.id_number = m.id_number
    LEFT JOIN farmer AS f ON f.id_number = m.id_number
    LEFT JOIN declared AS d ON d.id_number = m.id_number
    LEFT JOIN car AS c ON c.id_number = m.id_number
    LEFT JOIN home AS h ON h.id_number = m.id_number
    LEFT JOIN owner AS o ON o.id_number = m.id_number
    LEFT JOIN dibao AS b ON b.id_number = m.id_number
    GROUP BY m.household_id
)
SELECT
    h.household_id, h.household_no, h.place_code, h.township_code, g.size, g.children, g.elders,
    g.youngest_age, g.oldest_age, g.wage, g.pension, g.farm_income, g.declared_per_capita,
    -- 经民政核对过的以申报为准,否则用各部门已知的收入平均
    coalesce(
        g.declared_per_capita,
        CAST((g.wage + g.pension + g.farm_income) / nullif(g.size, 0) AS DECIMAL(18, 2))
    ) AS income_per_capita,
    CASE WHEN g.declared_per_capita IS NULL THEN '部门数据推算' ELSE '核对申报' END AS income_basis,
    g.cars, g.homes, g.firm_owners, g.dibao_members, g.dibao_members > 0 AS dibao
FROM std.gongan_household AS h
JOIN gathered AS g ON g.household_id = h.household_id
WHERE g.size > 0
