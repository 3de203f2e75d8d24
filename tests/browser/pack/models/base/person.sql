/*
title: 人口
summary: 每个身份证号一行
owner: huji
key: [id_number]
theme: 人口
*/
SELECT id_number, max(name) AS name, any_value(sex) AS sex, max(town) AS town
FROM std.resident
WHERE id_number IS NOT NULL
GROUP BY id_number
