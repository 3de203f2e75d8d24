/*
title: 低保不应保而保线索
summary: 正在享受低保,而本人已死亡、负责经营主体、缴费基数高、有第二套住房或有车;一人多因的记最先一个
owner: minzheng
theme: 社会保障
grade: 3
key: [id_number]
items:
  id_number: {title: 身份证号, element: id_number}
  person_name: {title: 姓名, element: person_name}
  relief_no: {title: 救助证号, element: record_no}
  place_code: {title: 所属村居, element: village_code}
  reason: {title: 疑点}
  reason_title: {title: 疑点说明}
  evidence: {title: 依据}
  evidence_from: {title: 依据部门}
*/
WITH receiving AS (
    SELECT id_number, person_name, place_code, arg_max(relief_no, updated_at) AS relief_no
    FROM std.minzheng_dibao
    WHERE relief_status = '1' AND id_number IS NOT NULL
    GROUP BY id_number, person_name, place_code
),
found AS (
    SELECT
        r.id_number, 1 AS place, 'deceased' AS reason, '本人已死亡' AS reason_title,
        coalesce('死亡日期 ' || CAST(p.died_on AS VARCHAR), '户籍已死亡注销') AS evidence,
        p.deceased_from AS evidence_from
    FROM receiving AS r
    JOIN base.person AS p ON p.id_number = r.id_number
    WHERE p.deceased
    UNION ALL
    SELECT
        r.id_number, 2, 'firm_owner', '负责在营的经营主体',
        string_agg(e.name, '、' ORDER BY e.uscc), 'shichang'
    FROM receiving AS r
    JOIN base.enterprise AS e ON e.legal_person_id_number = r.id_number
    WHERE e.register_status = '1'
    GROUP BY r.id_number
    UNION ALL
    -- 缴费基数高于 9000 元,已远在低保标准之上;登记中没有的看缴费记录
    SELECT
        r.id_number, 3, 'high_base', '社保缴费基数高',
        '缴费基数 ' || CAST(max(i.contribution_base) AS VARCHAR) || ' 元', 'renshe'
    FROM receiving AS r
    JOIN (
        SELECT id_number, contribution_base FROM std.renshe_insured
        UNION ALL
        SELECT id_number, contribution_base FROM std.renshe_contribution
    ) AS i ON i.id_number = r.id_number
    GROUP BY r.id_number
    HAVING max(i.contribution_base) > 9000
    UNION ALL
    SELECT
        r.id_number, 4, 'second_home', '有两套以上住房',
        '住房 ' || CAST(count(DISTINCT h.location) AS VARCHAR) || ' 套', 'guihua'
    FROM receiving AS r
    JOIN std.guihua_house AS h ON h.id_number = r.id_number
    GROUP BY r.id_number
    HAVING count(DISTINCT h.location) >= 2
    UNION ALL
    SELECT
        r.id_number, 5, 'car', '有机动车',
        '车辆 ' || CAST(count(DISTINCT v.plate_no) AS VARCHAR) || ' 辆', 'gongan'
    FROM receiving AS r
    JOIN std.gongan_vehicle AS v ON v.id_number = r.id_number
    WHERE v.certificate_status IN ('1', '2')
    GROUP BY r.id_number
),
first_found AS (
    SELECT *
    FROM found
    QUALIFY row_number() OVER (PARTITION BY id_number ORDER BY place) = 1
),
one AS (
    SELECT *
    FROM receiving
    QUALIFY row_number() OVER (PARTITION BY id_number ORDER BY relief_no) = 1
)
SELECT
    r.id_number, r.person_name, r.relief_no, r.place_code, f.reason, f.reason_title, f.evidence,
    f.evidence_from
FROM one AS r
JOIN first_found AS f ON f.id_number = r.id_number
