/*
title: 经营主体重复登记线索
summary: 市场监管登记中信用代码相同而主体编号、名称不同的两条,多为名称写法不一的重复登记
owner: shichang
theme: 市场监管
key: [entity_no]
items:
  entity_no: {title: 主体编号, element: record_no}
  twin_no: {title: 另一条的主体编号, element: record_no}
  uscc: {title: 统一社会信用代码, element: uscc}
  company_name: {title: 名称, element: organization_name}
  twin_name: {title: 另一条的名称, element: organization_name}
  likeness: {title: 名称相似度}
*/
WITH registered AS (
    SELECT entity_no, uscc, company_name FROM std.shichang_enterprise
    UNION ALL
    SELECT entity_no, uscc, company_name FROM std.shichang_self_employed
)
SELECT
    a.entity_no, b.entity_no AS twin_no, a.uscc, a.company_name, b.company_name AS twin_name,
    round(jaro_winkler_similarity(a.company_name, b.company_name), 3) AS likeness
FROM registered AS a
JOIN registered AS b ON b.uscc = a.uscc AND b.entity_no <> a.entity_no
QUALIFY row_number() OVER (PARTITION BY a.entity_no ORDER BY b.entity_no) = 1
