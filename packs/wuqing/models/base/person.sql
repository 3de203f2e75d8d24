/*
title: 人口
summary: 六个部门按公民身份号码归并;每项取次序在前而有值的部门,并记下取自哪个部门
owner: gongan
theme: 人口
key: [id_number]
items:
  id_number: {title: 身份证号, element: id_number}
  person_name: {title: 姓名, element: person_name}
  person_name_from: {title: 姓名取自, grade: 1}
  sex: {title: 性别, element: sex}
  sex_from: {title: 性别取自, grade: 1}
  birth_date: {title: 出生日期, element: birth_date}
  birth_date_from: {title: 出生日期取自, grade: 1}
  ethnicity: {title: 民族, element: ethnicity}
  ethnicity_from: {title: 民族取自, grade: 1}
  address: {title: 住址, element: address}
  address_from: {title: 住址取自, grade: 1}
  place_code: {title: 所属村居, element: village_code}
  place_code_from: {title: 所属村居取自, grade: 1}
  phone: {title: 联系电话, element: phone}
  phone_from: {title: 联系电话取自, grade: 1}
  marital_status: {title: 婚姻状况, element: marital}
  marital_status_from: {title: 婚姻状况取自, grade: 1}
  died_on: {title: 死亡日期, element: date}
  deceased: {title: 已死亡}
  deceased_from: {title: 死亡取自, grade: 1}
  household_id: {title: 户编号, element: record_no}
  floating: {title: 流动人口}
  known_by: {title: 掌握部门, grade: 1}
  agency_count: {title: 掌握部门数, grade: 1}
  updated_at: {title: 更新时间, element: moment}
checks:
  - {name: named, title: 有姓名, dimension: 完整性, expr: "person_name is not null"}
  - {name: born_before_death, title: 出生不晚于死亡, expr: "died_on is null or birth_date is null or birth_date <= died_on"}
  - {name: phone_known, title: 有联系电话, dimension: 完整性, expr: "phone is not null"}
*/
-- 一行是一个部门对一个人的一次说法。与身份证号对不上的出生日期、性别不予采用。
WITH said AS (
    SELECT
        'gongan' AS agency, id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END AS sex,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END
            AS birth_date,
        ethnicity, registered_address AS address, place_code, phone, marital_status,
        NULL::DATE AS died_on, person_status = '3' AS deceased, household_id,
        false AS floating, updated_at
    FROM std.gongan_resident
    UNION ALL
    SELECT
        'gongan', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        ethnicity, address, place_code, phone, NULL, NULL, NULL, NULL, true, updated_at
    FROM std.gongan_floating
    UNION ALL
    SELECT
        'minzheng', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        NULL, NULL, NULL, NULL, NULL, died_on, true, NULL, NULL, updated_at
    FROM std.minzheng_death
    UNION ALL
    SELECT
        'minzheng', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        NULL, address, place_code, NULL, NULL, NULL, NULL, NULL, NULL, updated_at
    FROM std.minzheng_dibao
    UNION ALL
    -- 婚姻登记:IB 是离婚,其余是结婚或补证
    SELECT
        'minzheng', husband_id_number, husband_name, NULL,
        CASE WHEN _issues LIKE '%birth_mismatch%' THEN NULL ELSE husband_birth_date END,
        NULL, NULL, NULL, NULL, CASE WHEN business_kind = 'IB' THEN '40' ELSE '20' END,
        NULL, NULL, NULL, NULL, updated_at
    FROM std.minzheng_marriage
    UNION ALL
    SELECT
        'minzheng', wife_id_number, wife_name, NULL,
        CASE WHEN _issues LIKE '%birth_mismatch%' THEN NULL ELSE wife_birth_date END,
        wife_ethnicity, NULL, NULL, NULL, CASE WHEN business_kind = 'IB' THEN '40' ELSE '20' END,
        NULL, NULL, NULL, NULL, updated_at
    FROM std.minzheng_marriage
    UNION ALL
    SELECT
        'yibao', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        NULL, address, NULL, phone, NULL, NULL, NULL, NULL, NULL, updated_at
    FROM std.yibao_insured
    UNION ALL
    SELECT
        'renshe', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        NULL, NULL, NULL, phone, NULL, NULL, NULL, NULL, NULL, updated_at
    FROM std.renshe_insured
    UNION ALL
    SELECT
        'renshe', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        NULL, address, place_code, phone, NULL, NULL, NULL, NULL, NULL, updated_at
    FROM std.renshe_unemployment
    UNION ALL
    SELECT
        'weijian', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        NULL, address, place_code, phone, NULL, NULL, NULL, NULL, NULL, updated_at
    FROM std.weijian_chronic_disease
    UNION ALL
    SELECT
        'weijian', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        NULL, NULL, NULL, phone, NULL, NULL, NULL, NULL, NULL, updated_at
    FROM std.weijian_vaccination
    UNION ALL
    SELECT
        'jiaoyu', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        ethnicity, registered_address, NULL, NULL, NULL, NULL, NULL, NULL, NULL, updated_at
    FROM std.jiaoyu_student
    UNION ALL
    SELECT
        'jiaoyu', id_number, person_name,
        CASE WHEN _issues LIKE '%sex.sex_mismatch%' THEN NULL ELSE sex END,
        CASE WHEN _issues LIKE '%birth_date.birth_mismatch%' THEN NULL ELSE birth_date END,
        NULL, NULL, NULL, phone, NULL, NULL, NULL, NULL, NULL, updated_at
    FROM std.jiaoyu_teacher
),
-- 同一部门说过几次的,取最近一次有值的(arg_max 不理会空值)
agency_view AS (
    SELECT
        id_number, agency,
        arg_max(person_name, updated_at) AS person_name,
        arg_max(sex, updated_at) AS sex,
        arg_max(birth_date, updated_at) AS birth_date,
        arg_max(ethnicity, updated_at) AS ethnicity,
        arg_max(address, updated_at) AS address,
        arg_max(place_code, updated_at) AS place_code,
        arg_max(phone, updated_at) AS phone,
        arg_max(marital_status, updated_at) AS marital_status,
        arg_max(died_on, updated_at) AS died_on,
        nullif(coalesce(bool_or(deceased), false), false) AS deceased,
        arg_max(household_id, updated_at) AS household_id,
        bool_or(floating) AS floating,
        max(updated_at) AS updated_at
    FROM said
    WHERE id_number IS NOT NULL
    GROUP BY id_number, agency
),
-- 各项的部门次序:身份以公安为准,婚姻、死亡以民政为准,电话以常被使用的医保、人社在前
ranked AS (
    SELECT
        *,
        list_position(['gongan', 'minzheng', 'yibao', 'renshe', 'jiaoyu', 'weijian'], agency)
            AS by_identity,
        list_position(['gongan', 'minzheng', 'jiaoyu', 'yibao', 'renshe', 'weijian'], agency)
            AS by_home,
        list_position(['yibao', 'renshe', 'gongan', 'weijian', 'jiaoyu', 'minzheng'], agency)
            AS by_phone,
        list_position(['minzheng', 'gongan', 'yibao', 'renshe', 'jiaoyu', 'weijian'], agency)
            AS by_vital
    FROM agency_view
)
SELECT
    id_number,
    arg_min(person_name, by_identity) AS person_name,
    arg_min(CASE WHEN person_name IS NOT NULL THEN agency END, by_identity) AS person_name_from,
    arg_min(sex, by_identity) AS sex,
    arg_min(CASE WHEN sex IS NOT NULL THEN agency END, by_identity) AS sex_from,
    arg_min(birth_date, by_identity) AS birth_date,
    arg_min(CASE WHEN birth_date IS NOT NULL THEN agency END, by_identity) AS birth_date_from,
    arg_min(ethnicity, by_identity) AS ethnicity,
    arg_min(CASE WHEN ethnicity IS NOT NULL THEN agency END, by_identity) AS ethnicity_from,
    arg_min(address, by_home) AS address,
    arg_min(CASE WHEN address IS NOT NULL THEN agency END, by_home) AS address_from,
    arg_min(place_code, by_home) AS place_code,
    arg_min(CASE WHEN place_code IS NOT NULL THEN agency END, by_home) AS place_code_from,
    arg_min(phone, by_phone) AS phone,
    arg_min(CASE WHEN phone IS NOT NULL THEN agency END, by_phone) AS phone_from,
    arg_min(marital_status, by_vital) AS marital_status,
    arg_min(CASE WHEN marital_status IS NOT NULL THEN agency END, by_vital) AS marital_status_from,
    arg_min(died_on, by_vital) AS died_on,
    coalesce(bool_or(deceased), false) AS deceased,
    arg_min(CASE WHEN deceased THEN agency END, by_vital) AS deceased_from,
    arg_min(household_id, by_home) AS household_id,
    coalesce(bool_or(floating), false) AS floating,
    array_to_string(list_sort(list(agency)), ',') AS known_by,
    count(*) AS agency_count,
    max(updated_at) AS updated_at
FROM ranked
GROUP BY id_number
