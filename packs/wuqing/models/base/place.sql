/*
title: 行政区划
summary: 全国省、市、县、乡、村五级区划,是各部门区划代码的对照
owner: tongji
theme: 综合
sharing: unconditional
grade: 1
key: [code]
items:
  code: {title: 区划代码, element: division_code}
  name: {title: 名称, element: division_name}
  level: {title: 层级}
  parent_code: {title: 上级代码, element: division_code}
  full_name: {title: 全称}
checks:
  - {name: level_known, title: 层级与代码长度相符, dimension: 规范性, expr: "level is not null", strong: true}
  - {name: parent_is_prefix, title: 代码以上级代码开头, expr: "parent_code is null or starts_with(code, parent_code)"}
*/
WITH named AS (
    SELECT code, name, NULL AS parent_code, 'province' AS level, name AS full_name
    FROM std.division_province
    UNION ALL
    SELECT c.code, c.name, c.parent_code, 'city', concat(p.name, c.name)
    FROM std.division_city AS c
    LEFT JOIN std.division_province AS p ON p.code = c.parent_code
),
-- 直辖市的「市辖区」一级只为编码而设,全称中不读出来
county AS (
    SELECT
        a.code, a.name, a.parent_code,
        concat(p.name, CASE WHEN c.name IN ('市辖区', '县') THEN '' ELSE c.name END, a.name)
            AS full_name
    FROM std.division_area AS a
    LEFT JOIN std.division_city AS c ON c.code = a.parent_code
    LEFT JOIN std.division_province AS p ON p.code = c.parent_code
),
township AS (
    SELECT s.code, s.name, s.parent_code, concat(a.full_name, s.name) AS full_name
    FROM std.division_street AS s
    LEFT JOIN county AS a ON a.code = s.parent_code
)
SELECT code, name, level, parent_code, full_name
FROM named
UNION ALL
SELECT code, name, 'county', parent_code, full_name
FROM county
UNION ALL
SELECT code, name, 'township', parent_code, full_name
FROM township
UNION ALL
SELECT v.code, v.name, 'village', v.parent_code, concat(t.full_name, v.name)
FROM std.division_village AS v
LEFT JOIN township AS t ON t.code = v.parent_code
