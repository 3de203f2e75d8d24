/*
title: 低保应保未保线索
summary: 户籍家庭人均收入低于低保标准(每人每月 1010 元)、无车、无第二套住房、无经营主体,而本人未享受低保
owner: minzheng
theme: 社会保障
grade: 3
key: [id_number]
items:
  id_number: {title: 身份证号, element: id_number}
  person_name: {title: 姓名, element: person_name}
  phone: {title: 联系电话, element: phone}
  household_id: {title: 户编号, element: record_no}
  place_code: {title: 所属村居, element: village_code}
  township_code: {title: 所属镇街, element: township_code}
  size: {title: 家庭在世人数}
  income_per_capita: {title: 人均月收入(元), element: income_yuan}
  income_basis: {title: 收入依据}
  dibao_members: {title: 同户低保人数}
*/
-- 发放名册里的人也算在保:对象登记中的身份证号偶有差错
WITH receiving AS (
    SELECT id_number FROM std.minzheng_dibao
    WHERE relief_status = '1' AND id_number IS NOT NULL
    UNION
    SELECT id_number FROM std.minzheng_dibao_payment WHERE id_number IS NOT NULL
)
SELECT
    p.id_number, p.person_name, p.phone, h.household_id, h.place_code, h.township_code, h.size,
    h.income_per_capita, h.income_basis, h.dibao_members
FROM theme.household AS h
JOIN base.person AS p ON p.household_id = h.household_id
LEFT JOIN receiving AS r ON r.id_number = p.id_number
WHERE
    NOT p.deceased
    AND r.id_number IS NULL
    AND h.income_per_capita < 1010
    AND h.cars = 0
    AND h.homes < 2
    AND h.firm_owners = 0
