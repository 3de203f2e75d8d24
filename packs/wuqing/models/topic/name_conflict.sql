/*
title: 姓名不一致
summary: 民政、人社、卫健、医保、教育登记的姓名与公安不同的人;供部门核对是繁简、同音、空格还是登记错误
owner: gongan
theme: 人口
grade: 3
key: [table_name, record_no]
items:
  table_name: {title: 登记表}
  record_no: {title: 业务编号, element: record_no}
  id_number: {title: 身份证号, element: id_number}
  registered_name: {title: 该表登记的姓名, element: person_name}
  police_name: {title: 公安登记的姓名, element: person_name}
  likely: {title: 可能的原因}
*/
WITH registered AS (
    SELECT 'minzheng_dibao' AS table_name, relief_no AS record_no, id_number, person_name
    FROM std.minzheng_dibao
    UNION ALL
    SELECT 'minzheng_death', register_no, id_number, person_name FROM std.minzheng_death
    UNION ALL
    SELECT 'minzheng_elder_allowance', register_no, id_number, person_name
    FROM std.minzheng_elder_allowance
    UNION ALL
    SELECT 'renshe_insured', insured_no, id_number, person_name FROM std.renshe_insured
    UNION ALL
    SELECT 'weijian_visit', serial_no, id_number, person_name FROM std.weijian_visit
    UNION ALL
    SELECT 'weijian_vaccination', serial_no, id_number, person_name FROM std.weijian_vaccination
    UNION ALL
    SELECT 'yibao_insured', insured_no, id_number, person_name FROM std.yibao_insured
    UNION ALL
    SELECT 'jiaoyu_student', archive_no, id_number, person_name FROM std.jiaoyu_student
)
SELECT
    r.table_name, r.record_no, r.id_number, r.person_name AS registered_name,
    p.person_name AS police_name,
    CASE
        WHEN regexp_replace(r.person_name, '[\s\x{3000}]', '', 'g') = p.person_name THEN '多了空格'
        WHEN replace(r.person_name, '.', '·') = p.person_name THEN '间隔号写法'
        WHEN length(r.person_name) = length(p.person_name)
            AND left(r.person_name, 1) = left(p.person_name, 1) THEN '同音、繁体或错字'
        ELSE '其他'
    END AS likely
FROM registered AS r
JOIN base.person AS p ON p.id_number = r.id_number
WHERE p.person_name_from = 'gongan' AND r.person_name <> p.person_name
