/*
title: 法人
summary: 市场监管、税务、统计、农业农村按统一社会信用代码归并,并附人社掌握的参保人数
owner: shichang
theme: 法人
sharing: unconditional
key: [uscc]
items:
  uscc: {title: 统一社会信用代码, element: uscc}
  name: {title: 名称, element: organization_name}
  name_from: {title: 名称取自, grade: 1}
  kind: {title: 主体类别}
  industry: {title: 行业门类, element: industry}
  industry_from: {title: 行业门类取自, grade: 1}
  register_status: {title: 登记状态, element: firm_state}
  register_status_from: {title: 登记状态取自, grade: 1}
  founded_on: {title: 成立日期, element: date}
  closed_on: {title: 注销日期, element: date}
  registered_capital: {title: 注册资本(万元)}
  legal_person_name: {title: 法定代表人, element: person_name}
  legal_person_id_number: {title: 法定代表人证件号, element: id_number}
  address: {title: 注册地址, element: site_address}
  address_from: {title: 注册地址取自, grade: 1}
  township_code: {title: 所属镇街, element: township_code}
  phone: {title: 联系电话, element: office_phone}
  staff_count: {title: 从业人数, element: count}
  insured_staff: {title: 参保人数, element: count}
  known_by: {title: 掌握部门, grade: 1}
  agency_count: {title: 掌握部门数, grade: 1}
  updated_at: {title: 更新时间, element: moment}
checks:
  - {name: named, title: 有名称, dimension: 完整性, expr: "name is not null"}
  - {name: closed_after_founded, title: 注销不早于成立, expr: "closed_on is null or founded_on is null or closed_on >= founded_on"}
  - {name: registered, title: 税务、统计在册的都在市场监管登记, expr: "contains(known_by, 'shichang')"}
*/
WITH said AS (
    SELECT
        'shichang' AS agency, uscc, company_name AS name,
        CASE WHEN company_type = '9100' THEN '农民专业合作社' ELSE '企业' END AS kind, industry,
        register_status, founded_on, closed_on, registered_capital, legal_person_name,
        legal_person_id_number, registered_office AS address, left(place_code, 9) AS township_code,
        company_phone AS phone, NULL::BIGINT AS staff_count, updated_at
    FROM std.shichang_enterprise
    UNION ALL
    SELECT
        'shichang', uscc, company_name, '个体工商户', industry, register_status, founded_on,
        closed_on, NULL, legal_person_name, legal_person_id_number, registered_office,
        township_code, company_phone, NULL, updated_at
    FROM std.shichang_self_employed
    UNION ALL
    SELECT
        'shuiwuju', uscc, company_name, NULL, industry, register_status, NULL, NULL, NULL,
        legal_person_name, legal_person_id_number, registered_office, NULL, company_phone, NULL,
        updated_at
    FROM std.shuiwuju_taxpayer
    UNION ALL
    SELECT
        'tongji', uscc, company_name, NULL, industry, register_status, founded_on, NULL, NULL,
        NULL, NULL, NULL, left(place_code, 9), NULL, staff_count, updated_at
    FROM std.tongji_unit_directory
    UNION ALL
    SELECT
        'nongye', uscc, company_name, '农民专业合作社', NULL, NULL, founded_on, NULL, NULL,
        legal_person_name, legal_person_id_number, registered_office, left(place_code, 9), NULL,
        staff_count, updated_at
    FROM std.nongye_cooperative
),
agency_view AS (
    SELECT
        uscc, agency,
        -- 登记以市场监管为准,其次税务;从业人数只有统计、农业农村有
        list_position(['shichang', 'shuiwuju', 'tongji', 'nongye'], agency) AS rank,
        arg_max(name, updated_at) AS name,
        arg_max(kind, updated_at) AS kind,
        arg_max(industry, updated_at) AS industry,
        arg_max(register_status, updated_at) AS register_status,
        arg_max(founded_on, updated_at) AS founded_on,
        arg_max(closed_on, updated_at) AS closed_on,
        arg_max(registered_capital, updated_at) AS registered_capital,
        arg_max(legal_person_name, updated_at) AS legal_person_name,
        arg_max(legal_person_id_number, updated_at) AS legal_person_id_number,
        arg_max(address, updated_at) AS address,
        arg_max(township_code, updated_at) AS township_code,
        arg_max(phone, updated_at) AS phone,
        arg_max(staff_count, updated_at) AS staff_count,
        max(updated_at) AS updated_at
    FROM said
    WHERE uscc IS NOT NULL
    GROUP BY uscc, agency
),
merged AS (
    SELECT
        uscc,
        arg_min(name, rank) AS name,
        arg_min(CASE WHEN name IS NOT NULL THEN agency END, rank) AS name_from,
        coalesce(arg_min(kind, rank), '其他') AS kind,
        arg_min(industry, rank) AS industry,
        arg_min(CASE WHEN industry IS NOT NULL THEN agency END, rank) AS industry_from,
        arg_min(register_status, rank) AS register_status,
        arg_min(CASE WHEN register_status IS NOT NULL THEN agency END, rank)
            AS register_status_from,
        arg_min(founded_on, rank) AS founded_on,
        arg_min(closed_on, rank) AS closed_on,
        arg_min(registered_capital, rank) AS registered_capital,
        arg_min(legal_person_name, rank) AS legal_person_name,
        arg_min(legal_person_id_number, rank) AS legal_person_id_number,
        arg_min(address, rank) AS address,
        arg_min(CASE WHEN address IS NOT NULL THEN agency END, rank) AS address_from,
        arg_min(township_code, rank) AS township_code,
        arg_min(phone, rank) AS phone,
        arg_min(staff_count, rank) AS staff_count,
        array_to_string(list_sort(list(agency)), ',') AS known_by,
        count(*) AS agency_count,
        max(updated_at) AS updated_at
    FROM agency_view
    GROUP BY uscc
),
staff AS (
    SELECT employer_uscc, count(DISTINCT id_number) AS insured_staff
    FROM std.renshe_insured
    WHERE insured_status = '1' AND employer_uscc IS NOT NULL
    GROUP BY employer_uscc
)
SELECT
    m.uscc, m.name, m.name_from, m.kind, m.industry, m.industry_from, m.register_status,
    m.register_status_from, m.founded_on, m.closed_on, m.registered_capital, m.legal_person_name,
    m.legal_person_id_number, m.address, m.address_from, m.township_code, m.phone, m.staff_count,
    coalesce(s.insured_staff, 0) AS insured_staff, m.known_by, m.agency_count, m.updated_at
FROM merged AS m
LEFT JOIN staff AS s ON s.employer_uscc = m.uscc
