/*
title: 乡镇概况
owner: minzheng
key: [code]
grade: 1
items:
  code: {title: 代码, grade: 1}
  name: {title: 乡镇, grade: 1}
  people: {title: 人口, grade: 1}
  women: {title: 女性, grade: 1}
*/
SELECT town AS code, town AS name, count(*) AS people, count(*) FILTER (sex = '2') AS women
FROM base.person
GROUP BY town
