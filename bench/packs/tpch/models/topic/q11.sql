/*
title: 重要库存
owner: trade
*/
SELECT ps_partkey, sum(ps_supplycost * ps_availqty) AS value
FROM ods.partsupp, ods.supplier, ods.nation
WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY'
GROUP BY ps_partkey
HAVING
    sum(ps_supplycost * ps_availqty) > (
        SELECT sum(ps_supplycost * ps_availqty) * 0.0001
        FROM ods.partsupp, ods.supplier, ods.nation
        WHERE ps_suppkey = s_suppkey AND s_nationkey = n_nationkey AND n_name = 'GERMANY'
    )
ORDER BY value DESC
