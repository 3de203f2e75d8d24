SELECT * FROM std.t ORDER BY id
FROM std.t SELECT id, name WHERE id > 3 ORDER BY ALL
SELECT t.id, u.w FROM std.t t LEFT JOIN std.u u USING (id) ORDER BY 1, 2
SELECT k, count(*) AS n, sum(v), avg(v), min(d), max(ts) FROM std.t GROUP BY ALL ORDER BY k
SELECT k, count(*) FILTER (WHERE id > 3), sum(DISTINCT k) FROM std.t GROUP BY k ORDER BY k
SELECT id, row_number() OVER (PARTITION BY k ORDER BY id DESC) FROM std.t ORDER BY id
SELECT id, sum(v) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM std.t ORDER BY id
SELECT id FROM std.t QUALIFY rank() OVER (PARTITION BY k ORDER BY v DESC) = 1 ORDER BY id
SELECT id, lag(v, 1, 0) OVER w, lead(v) OVER w FROM std.t WINDOW w AS (ORDER BY id) ORDER BY id
WITH a AS (SELECT id FROM std.t), b AS (SELECT id FROM a WHERE id > 2) SELECT count(*) FROM b
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT sum(n) FROM r
SELECT id FROM std.t UNION SELECT id FROM std.u ORDER BY id DESC NULLS LAST LIMIT 3 OFFSET 1
SELECT id FROM std.t EXCEPT SELECT id FROM std.u ORDER BY 1
SELECT id FROM std.t INTERSECT ALL SELECT id FROM std.u ORDER BY 1
SELECT * EXCLUDE (l, s, m, j) REPLACE (id + 1 AS id) FROM std.t ORDER BY id
SELECT CASE WHEN k = 0 THEN 'a' WHEN k = 1 THEN 'b' ELSE NULL END FROM std.t ORDER BY id
SELECT id FROM std.t WHERE name LIKE 'n1%' AND NOT (k IN (1, 2)) OR id BETWEEN 3 AND 4 ORDER BY id
SELECT id FROM std.t WHERE name ILIKE 'N_' AND name NOT LIKE '%!_%' ESCAPE '!' ORDER BY id
SELECT id FROM std.t WHERE name SIMILAR TO 'n[0-3]' ORDER BY id
SELECT id FROM std.t WHERE EXISTS (SELECT 1 FROM std.u WHERE u.id = t.id) ORDER BY id
SELECT id, (SELECT max(w) FROM std.u WHERE u.id = t.id) FROM std.t ORDER BY id
SELECT id FROM std.t WHERE id = ANY (SELECT id FROM std.u) ORDER BY id
SELECT id::VARCHAR, CAST(v AS DECIMAL(10, 2)), TRY_CAST(name AS INT) FROM std.t ORDER BY id
SELECT upper(name), lower(name), length(name), reverse(name), trim('  x '), lpad(name, 5, '*') FROM std.t ORDER BY id
SELECT substr(name, 1, 1), substring(name, 2), left(name, 1), right(name, 1), name[1:2] FROM std.t ORDER BY id
SELECT replace(name, 'n', 'm'), concat(name, '-', k), name || k, concat_ws('/', name, k) FROM std.t ORDER BY id
SELECT split_part('a,b,c', ',', 2), string_split('a,b', ','), regexp_replace(name, '[0-9]', '#', 'g') FROM std.t
SELECT regexp_extract(name, 'n([0-9]+)', 1), regexp_matches(name, '1'), regexp_full_match(name, 'n1') FROM std.t ORDER BY id
SELECT starts_with(name, 'n'), contains(name, '1'), strpos(name, '1'), ascii(name), chr(65) FROM std.t ORDER BY id
SELECT year(d), month(d), day(d), dayofweek(d), isodow(d), week(d), quarter(d), weekofyear(d) FROM std.t ORDER BY id
SELECT extract(year FROM ts), date_part('hour', ts), hour(ts), minute(ts), epoch(ts) FROM std.t ORDER BY id
SELECT date_trunc('month', d), date_trunc('hour', ts), last_day(d), d + INTERVAL 1 MONTH FROM std.t ORDER BY id
SELECT date_diff('day', d, DATE '2026-03-01'), d - DATE '2025-12-31', datediff('month', d, ts::DATE) FROM std.t ORDER BY id
SELECT strftime(ts, '%Y-%m-%d'), strptime('2026-01-02', '%Y-%m-%d'), make_date(2026, 1, 2) FROM std.t
SELECT age(TIMESTAMP '2026-05-01', ts), to_days(3), INTERVAL '2 days' FROM std.t ORDER BY id
SELECT round(v, 1), floor(v), ceil(v), abs(-v), sign(v), sqrt(v), power(v, 2), v ** 2, v ^ 2 FROM std.t ORDER BY id
SELECT id // 2, id % 2, mod(id, 2), id / 2, id & 1, id | 1, xor(id, 1), id << 1, ~id FROM std.t ORDER BY id
SELECT ln(v + 1), log10(v + 1), round(log2(v + 1), 9), exp(0), greatest(id, k), least(id, k), pi() FROM std.t ORDER BY id
SELECT coalesce(NULL, name), nullif(k, 0), ifnull(NULL, 1), if(k = 0, 'a', 'b') FROM std.t ORDER BY id
SELECT md5(name), sha256(name), hash(name) > 0, hex(name), to_base64(name::BLOB) FROM std.t ORDER BY id
SELECT l[1], l[1:2], len(l), list_contains(l, 3), list_sort(l), list_distinct(l), list_sum(l) FROM std.t ORDER BY id
SELECT list_transform(l, lambda x: x + k), list_filter(l, lambda x: x > 3), [x * 2 FOR x IN l IF x > 2] FROM std.t ORDER BY id
SELECT list_reduce([1, 2, 3], lambda a, b: a + b), flatten([[1], [2]]), list_zip([1], [2]), range(3)
SELECT s.a, s['b'], struct_extract(s, 'a'), {'x': 1}.x, struct_pack(q := 1), row(1, 2) FROM std.t ORDER BY id
SELECT m['k'], map_keys(m), map_values(m), element_at(m, 'k'), cardinality(m) FROM std.t ORDER BY id
SELECT j -> '$.a' ->> 'b', json_extract(j, '$.a.b'), json_extract_string(j, '$.a.b'), json_valid(j) FROM std.t
SELECT unnest([1, 2, 3]) AS x, id FROM std.t ORDER BY ALL
SELECT id, x FROM std.t, unnest(l) AS u(x) ORDER BY id, x
SELECT i FROM range(5) r(i) UNION ALL SELECT * FROM generate_series(1, 3) ORDER BY 1
SELECT a, b FROM (VALUES (1, 'x'), (2, 'y')) v(a, b) ORDER BY a
SELECT string_agg(name, ',' ORDER BY id), list(name ORDER BY id DESC), first(id ORDER BY id) FROM std.t
SELECT arg_max(name, v), arg_min(name, v), any_value(k) IS NOT NULL, max_by(name, v), mode(k) FROM std.t
SELECT median(v), quantile_cont(v, 0.25), quantile_disc(v, 0.5), stddev(v), var_pop(v), corr(v, id) FROM std.t
SELECT bool_and(k >= 0), bool_or(k > 5), count_if(k = 0), approx_count_distinct(k), product(k + 1) FROM std.t
SELECT k, sum(v), grouping(k) FROM std.t GROUP BY ROLLUP (k) ORDER BY ALL
SELECT k, d, count(*) FROM std.t GROUP BY GROUPING SETS ((k), (d), ()) ORDER BY ALL
SELECT id IS NULL, name IS NOT NULL, k IS DISTINCT FROM 1, k IS NOT DISTINCT FROM NULL FROM std.t ORDER BY id
SELECT DISTINCT ON (k) k, id FROM std.t ORDER BY k, id
SELECT id FROM std.t WHERE (id, k) IN (SELECT id, 0 FROM std.u) ORDER BY id
SELECT ts AT TIME ZONE 'Asia/Shanghai' = ts AT TIME ZONE 'UTC' FROM std.t ORDER BY id
SELECT t.id FROM std.t t ASOF JOIN std.u u ON t.id >= u.id ORDER BY 1
SELECT id FROM std.t SEMI JOIN std.u USING (id) ORDER BY 1
SELECT id FROM std.t ANTI JOIN std.u USING (id) ORDER BY 1
SELECT t.id, x.c FROM std.t t, LATERAL (SELECT count(*) AS c FROM std.u u WHERE u.id > t.id) x ORDER BY 1
SELECT id AS 编号, name "姓 名" FROM STD.T ORDER BY 编号
SELECT typeof(v), 'it''s', '中文𠮷', 1e3, -0.5, true, NULL FROM std.t
SELECT count(*) n FROM std.t -- 注释
