/*
title: 镇街概况
summary: 本区每个镇街的人口、家庭、年龄结构、经营主体、参保与低保,供驾驶舱使用
owner: tongji
theme: 综合
sharing: unconditional
grade: 1
key: [township_code]
items:
  township_code: {title: 镇街代码, element: township_code, grade: 1}
  township_name: {title: 镇街, grade: 1}
  population: {title: 常住人口, grade: 1}
  floating: {title: 其中流动人口, grade: 1}
  households: {title: 户籍户数, grade: 1}
  age_0_17: {title: 0–17 岁, grade: 1}
  age_18_59: {title: 18–59 岁, grade: 1}
  age_60_79: {title: 60–79 岁, grade: 1}
  age_80_up: {title: 80 岁以上, grade: 1}
  enterprises: {title: 在营企业, grade: 1}
  traders: {title: 在营个体户, grade: 1}
  insured: {title: 养老保险正常参保人数, grade: 1}
  medically_insured: {title: 医保正常参保人数, grade: 1}
  dibao: {title: 低保人数, grade: 1}
  dibao_missing: {title: 低保应保未保线索, grade: 1}
  dibao_wrong: {title: 低保不应保而保线索, grade: 1}
  refreshed_on: {title: 统计日期, grade: 1}
checks:
  - {name: ages_sum_up, title: 各年龄段之和不超过总人口, expr: "age_0_17 + age_18_59 + age_60_79 + age_80_up <= population", strong: true}
*/
WITH township AS (
    SELECT code, name
    FROM base.place
    WHERE level = 'township' AND starts_with(code, '120114')
),
living AS (
    SELECT
        id_number, left(place_code, 9) AS township_code, floating,
        date_diff('year', birth_date, current_date)
            - CASE WHEN strftime(current_date, '%m%d') < strftime(birth_date, '%m%d')
                THEN 1 ELSE 0 END AS age
    FROM base.person
    WHERE NOT deceased AND place_code IS NOT NULL
),
insured AS (
    SELECT DISTINCT id_number FROM std.renshe_insured
    WHERE insured_status = '1' AND id_number IS NOT NULL
),
medical AS (
    SELECT DISTINCT id_number FROM std.yibao_insured
    WHERE insured_status = '1' AND id_number IS NOT NULL
),
dibao AS (
    SELECT DISTINCT id_number FROM std.minzheng_dibao
    WHERE relief_status = '1' AND id_number IS NOT NULL
),
people AS (
    SELECT
        l.township_code,
        count(*) AS population,
        count(CASE WHEN l.floating THEN 1 END) AS floating,
        count(CASE WHEN l.age < 18 THEN 1 END) AS age_0_17,
        count(CASE WHEN l.age BETWEEN 18 AND 59 THEN 1 END) AS age_18_59,
        count(CASE WHEN l.age BETWEEN 60 AND 79 THEN 1 END) AS age_60_79,
        count(CASE WHEN l.age >= 80 THEN 1 END) AS age_80_up,
        count(i.id_number) AS insured,
        count(m.id_number) AS medically_insured,
        count(d.id_number) AS dibao
    FROM living AS l
    LEFT JOIN insured AS i ON i.id_number = l.id_number
    LEFT JOIN medical AS m ON m.id_number = l.id_number
    LEFT JOIN dibao AS d ON d.id_number = l.id_number
    GROUP BY l.township_code
),
household AS (
    SELECT township_code, count(*) AS households
    FROM theme.household
    GROUP BY township_code
),
firm AS (
    SELECT
        township_code,
        count(CASE WHEN kind <> '个体工商户' THEN 1 END) AS enterprises,
        count(CASE WHEN kind = '个体工商户' THEN 1 END) AS traders
    FROM base.enterprise
    WHERE register_status = '1'
    GROUP BY township_code
),
missing AS (
    SELECT township_code, count(*) AS people
    FROM topic.dibao_missing
    GROUP BY township_code
),
wrong AS (
    SELECT left(place_code, 9) AS township_code, count(*) AS people
    FROM topic.dibao_wrong
    GROUP BY left(place_code, 9)
)
SELECT
    t.code AS township_code,
    t.name AS township_name,
    coalesce(p.population, 0) AS population,
    coalesce(p.floating, 0) AS floating,
    coalesce(h.households, 0) AS households,
    coalesce(p.age_0_17, 0) AS age_0_17,
    coalesce(p.age_18_59, 0) AS age_18_59,
    coalesce(p.age_60_79, 0) AS age_60_79,
    coalesce(p.age_80_up, 0) AS age_80_up,
    coalesce(f.enterprises, 0) AS enterprises,
    coalesce(f.traders, 0) AS traders,
    coalesce(p.insured, 0) AS insured,
    coalesce(p.medically_insured, 0) AS medically_insured,
    coalesce(p.dibao, 0) AS dibao,
    coalesce(m.people, 0) AS dibao_missing,
    coalesce(w.people, 0) AS dibao_wrong,
    current_date AS refreshed_on
FROM township AS t
LEFT JOIN people AS p ON p.township_code = t.code
LEFT JOIN household AS h ON h.township_code = t.code
LEFT JOIN firm AS f ON f.township_code = t.code
LEFT JOIN missing AS m ON m.township_code = t.code
LEFT JOIN wrong AS w ON w.township_code = t.code
