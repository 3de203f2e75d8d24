/*
title: 就业状况
summary: 劳动年龄在世人口的参保就业、失业登记与技能证书
owner: renshe
theme: 就业
grade: 3
key: [id_number]
items:
  id_number: {title: 身份证号, element: id_number}
  person_name: {title: 姓名, element: person_name}
  sex: {title: 性别, element: sex}
  age: {title: 年龄}
  township_code: {title: 所属镇街, element: township_code}
  state: {title: 就业状态, grade: 2}
  employer_name: {title: 单位名称, element: organization_name}
  employer_uscc: {title: 单位信用代码, element: uscc}
  employer_industry: {title: 单位行业, element: industry}
  contribution_base: {title: 缴费基数, element: income_yuan}
  unemployed_on: {title: 失业日期, element: date}
  skills: {title: 有效技能证书数}
*/
WITH adult AS (
    SELECT
        id_number, person_name, sex, left(place_code, 9) AS township_code,
        date_diff('year', birth_date, current_date)
            - CASE WHEN strftime(current_date, '%m%d') < strftime(birth_date, '%m%d')
                THEN 1 ELSE 0 END AS age
    FROM base.person
    WHERE NOT deceased
),
insured AS (
    SELECT
        id_number,
        arg_max(employer_name, updated_at) AS employer_name,
        arg_max(employer_uscc, updated_at) AS employer_uscc,
        max(contribution_base) AS contribution_base
    FROM std.renshe_insured
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
jobless AS (
    SELECT id_number, max(unemployed_on) AS unemployed_on
    FROM std.renshe_unemployment
    WHERE id_number IS NOT NULL
    GROUP BY id_number
),
skill AS (
    SELECT id_number, count(*) AS skills
    FROM std.renshe_skill_certificate
    WHERE id_number IS NOT NULL AND certificate_status = '1'
    GROUP BY id_number
)
SELECT
    a.id_number, a.person_name, a.sex, a.age, a.township_code,
    -- 有缴费就是在业,不论失业登记是否已注销
    CASE
        WHEN i.employer_uscc IS NOT NULL THEN '单位就业'
        WHEN i.contribution_base > 0 THEN '灵活就业'
        WHEN j.id_number IS NOT NULL THEN '登记失业'
        ELSE '未掌握'
    END AS state,
    i.employer_name, i.employer_uscc, e.industry AS employer_industry, i.contribution_base,
    j.unemployed_on, coalesce(s.skills, 0) AS skills
FROM adult AS a
LEFT JOIN insured AS i ON i.id_number = a.id_number
LEFT JOIN base.enterprise AS e ON e.uscc = i.employer_uscc
LEFT JOIN jobless AS j ON j.id_number = a.id_number
LEFT JOIN skill AS s ON s.id_number = a.id_number
WHERE a.age BETWEEN 16 AND 64
