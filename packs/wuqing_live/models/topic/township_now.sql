/*
title: 镇街实时态势
summary: 每个镇街最近一次的空气、天气,最近七天的警情与发热就诊,最近三十天的货车超限;数据来自六个正在运行的系统
owner: yingji
theme: 应急管理
sharing: unconditional
grade: 1
key: [township_code]
items:
  township_code: {title: 镇街代码, element: township_code, grade: 1}
  township_name: {title: 镇街, grade: 1}
  air_at: {title: 空气发布时间, grade: 1}
  aqi: {title: 空气质量指数, grade: 1}
  pm25: {title: 细颗粒物(PM2.5), grade: 1}
  weather_at: {title: 观测时间, grade: 1}
  temperature: {title: 气温(℃), grade: 1}
  rain_24h: {title: 24 小时降水, grade: 1}
  alarms_7d: {title: 七天警情, grade: 1}
  alarms_open: {title: 未办结警情, grade: 1}
  fever_7d: {title: 七天发热就诊, grade: 1}
  contracts: {title: 家庭医生签约人数, grade: 1}
  weighed_30d: {title: 三十天称重车次, grade: 1}
  overloaded_30d: {title: 其中超限车次, grade: 1}
checks:
  - {name: overloaded_is_part, title: 超限车次不多于称重车次, expr: "overloaded_30d <= weighed_30d", strong: true}
*/
-- 「最近」以各系统自己最新的时刻为准:系统停了,数字停在那一刻,时间列说得出来
WITH air AS (
    SELECT
        s.township_code, max(h.published_at) AS air_at,
        max_by(h.aqi, h.published_at) AS aqi, max_by(h.pm25, h.published_at) AS pm25
    FROM std.shengtai_air_hourly AS h
    JOIN std.shengtai_air_site AS s ON s.site_no = h.site_no
    GROUP BY s.township_code
),
weather AS (
    SELECT
        township_code, max(observed_at) AS weather_at,
        max_by(temperature, observed_at) AS temperature,
        sum(CASE WHEN observed_at > newest - INTERVAL 24 HOUR THEN rainfall ELSE 0 END) AS rain_24h
    FROM (
        SELECT *, max(observed_at) OVER () AS newest FROM std.qixiang_station_report
    ) AS o
    GROUP BY township_code
),
alarm AS (
    SELECT
        left(place_code, 9) AS township_code,
        count(CASE WHEN received_at > newest - INTERVAL 7 DAY THEN 1 END) AS alarms_7d,
        count(CASE WHEN state <> '3' THEN 1 END) AS alarms_open
    FROM (SELECT *, max(received_at) OVER () AS newest FROM std.xiaofang_alarm) AS a
    WHERE place_code IS NOT NULL
    GROUP BY 1
),
fever AS (
    SELECT left(place_code, 9) AS township_code, count(*) AS fever_7d
    FROM (SELECT *, max(visited_at) OVER () AS newest FROM std.weijian_fever_visit) AS f
    WHERE place_code IS NOT NULL AND visited_at > newest - INTERVAL 7 DAY
    GROUP BY 1
),
contract AS (
    SELECT left(place_code, 9) AS township_code, count(DISTINCT id_number) AS contracts
    FROM std.weijian_doctor_contract
    WHERE place_code IS NOT NULL
    GROUP BY 1
),
weighing AS (
    SELECT
        left(s.place_code, 9) AS township_code, count(*) AS weighed_30d,
        count(CASE WHEN w.gross_kg > w.limit_kg THEN 1 END) AS overloaded_30d
    FROM (SELECT *, max(weighed_at) OVER () AS newest FROM std.jiaotong_weighing) AS w
    JOIN std.jiaotong_weigh_site AS s ON s.site_no = w.site_no
    WHERE w.weighed_at > w.newest - INTERVAL 30 DAY
    GROUP BY 1
)
SELECT
    p.code AS township_code, p.name AS township_name,
    air.air_at, air.aqi, air.pm25,
    weather.weather_at, weather.temperature, weather.rain_24h,
    coalesce(alarm.alarms_7d, 0) AS alarms_7d, coalesce(alarm.alarms_open, 0) AS alarms_open,
    coalesce(fever.fever_7d, 0) AS fever_7d, coalesce(contract.contracts, 0) AS contracts,
    coalesce(weighing.weighed_30d, 0) AS weighed_30d,
    coalesce(weighing.overloaded_30d, 0) AS overloaded_30d
FROM base.place AS p
LEFT JOIN air ON air.township_code = p.code
LEFT JOIN weather ON weather.township_code = p.code
LEFT JOIN alarm ON alarm.township_code = p.code
LEFT JOIN fever ON fever.township_code = p.code
LEFT JOIN contract ON contract.township_code = p.code
LEFT JOIN weighing ON weighing.township_code = p.code
WHERE p.level = 'township' AND starts_with(p.code, '120114')
