-- c0: INT -> integer
-- c1: BIGINT -> integer
-- c2: SMALLINT -> integer
-- c3: TINYINT -> integer
-- c4: BYTE -> integer
-- c5: DECIMAL(12,2) -> decimal(12,2)
-- c6: NUMBER(38,0) -> decimal(38,0)
-- c7: NUMERIC -> text
-- c8: FLOAT -> double
-- c9: DOUBLE -> double
-- c10: REAL -> double
-- c11: BIT -> boolean
-- c12: CHAR(5) -> text
-- c13: VARCHAR(20) -> text
-- c14: VARCHAR2(20) -> text
-- c15: TEXT -> text
-- c16: CLOB -> text
-- c17: LONGVARCHAR -> text
-- c18: DATE -> date
-- c19: TIME(6) -> text
-- c20: TIMESTAMP(6) -> timestamp_ntz
-- c21: DATETIME(6) -> timestamp_ntz
-- c22: TIMESTAMP WITH TIME ZONE(6) -> timestamp
-- c23: DATETIME WITH TIME ZONE(6) -> timestamp
-- c24: TIME WITH TIME ZONE -> text
-- c25: INTERVAL DAY TO SECOND -> text
-- c26: BINARY(4) -> binary
-- c27: VARBINARY(20) -> binary
-- c28: BLOB -> binary
-- c29: IMAGE -> binary
-- c30: LONGVARBINARY -> binary
-- c31: JSON -> json
-- c32: ROWID -> text

-- catalogue
select t.table_name, m.comments, t.num_rows, c.column_name, c.data_type,
       case when c.char_length > 0 then c.char_length end,
       c.data_precision, c.data_scale, null, c.nullable, n.comments, k.position
from (select owner, table_name, num_rows from all_tables where table_name not like 'BIN$%'
      union all select owner, view_name, null from all_views) t
join all_tab_columns c on c.owner = t.owner and c.table_name = t.table_name
left join all_tab_comments m on m.owner = t.owner and m.table_name = t.table_name
left join all_col_comments n
  on n.owner = c.owner and n.table_name = c.table_name and n.column_name = c.column_name
left join (select p.owner, p.table_name, p.column_name, p.position
           from all_constraints q
           join all_cons_columns p on p.owner = q.owner and p.constraint_name = q.constraint_name
           where q.constraint_type = 'P') k
  on k.owner = c.owner and k.table_name = c.table_name and k.column_name = c.column_name
where t.owner = ? and t.table_name = ?
order by t.table_name, c.column_id; -- ['政务', '表']

-- rows
select cast("c0" as varchar(60)), cast("c1" as varchar(60)), cast("c2" as varchar(60)), cast("c3" as varchar(60)), cast("c4" as varchar(60)), cast("c5" as varchar(60)), cast("c6" as varchar(60)), cast("c7" as varchar(60)), "c8", "c9", "c10", cast("c11" as varchar(60)), rtrim("c12"), "c13", "c14", "c15", "c16", "c17", to_char("c18", 'YYYY-MM-DD'), cast("c19" as varchar(8000)), to_char("c20", 'YYYY-MM-DD HH24:MI:SS.FF6'), to_char("c21", 'YYYY-MM-DD HH24:MI:SS.FF6'), to_char(cast("c22" at time zone '+00:00' as timestamp(6)), 'YYYY-MM-DD HH24:MI:SS.FF6') || 'Z', to_char(cast("c23" at time zone '+00:00' as timestamp(6)), 'YYYY-MM-DD HH24:MI:SS.FF6') || 'Z', cast("c24" as varchar(8000)), cast("c25" as varchar(8000)), "c26", "c27", "c28", "c29", "c30", cast("c31" as varchar(8000)), "c32" from "政务"."表";

-- c0: INT
select count(*), null, cast(max("c0") as varchar(60)) from "政务"."表" where "c0" > cast(? as bigint) and ("c0" < cast(? as bigint) or "c0" is null); -- ['12', '12']
select cast("c0" as varchar(60)) from "政务"."表" where "c0" is not null order by "c0" limit 1 offset 0;
select cast("c0" as varchar(60)), case when "c0" > cast(? as bigint) then 1 else 0 end from "政务"."表" where "c0" is not null and "c0" >= cast(? as bigint) order by "c0" limit 1 offset 1000; -- ['12', '12']
select cast("c0" as varchar(60)) from "政务"."表" where "c0" is not null and "c0" > cast(? as bigint) order by "c0" limit 1 offset 0; -- ['12']

-- c1: BIGINT
select count(*), null, cast(max("c1") as varchar(60)) from "政务"."表" where "c1" > cast(? as bigint) and ("c1" < cast(? as bigint) or "c1" is null); -- ['12', '12']
select cast("c1" as varchar(60)) from "政务"."表" where "c1" is not null order by "c1" limit 1 offset 0;
select cast("c1" as varchar(60)), case when "c1" > cast(? as bigint) then 1 else 0 end from "政务"."表" where "c1" is not null and "c1" >= cast(? as bigint) order by "c1" limit 1 offset 1000; -- ['12', '12']
select cast("c1" as varchar(60)) from "政务"."表" where "c1" is not null and "c1" > cast(? as bigint) order by "c1" limit 1 offset 0; -- ['12']

-- c2: SMALLINT
select count(*), null, cast(max("c2") as varchar(60)) from "政务"."表" where "c2" > cast(? as bigint) and ("c2" < cast(? as bigint) or "c2" is null); -- ['12', '12']
select cast("c2" as varchar(60)) from "政务"."表" where "c2" is not null order by "c2" limit 1 offset 0;
select cast("c2" as varchar(60)), case when "c2" > cast(? as bigint) then 1 else 0 end from "政务"."表" where "c2" is not null and "c2" >= cast(? as bigint) order by "c2" limit 1 offset 1000; -- ['12', '12']
select cast("c2" as varchar(60)) from "政务"."表" where "c2" is not null and "c2" > cast(? as bigint) order by "c2" limit 1 offset 0; -- ['12']

-- c3: TINYINT
select count(*), null, cast(max("c3") as varchar(60)) from "政务"."表" where "c3" > cast(? as bigint) and ("c3" < cast(? as bigint) or "c3" is null); -- ['12', '12']
select cast("c3" as varchar(60)) from "政务"."表" where "c3" is not null order by "c3" limit 1 offset 0;
select cast("c3" as varchar(60)), case when "c3" > cast(? as bigint) then 1 else 0 end from "政务"."表" where "c3" is not null and "c3" >= cast(? as bigint) order by "c3" limit 1 offset 1000; -- ['12', '12']
select cast("c3" as varchar(60)) from "政务"."表" where "c3" is not null and "c3" > cast(? as bigint) order by "c3" limit 1 offset 0; -- ['12']

-- c4: BYTE
select count(*), null, cast(max("c4") as varchar(60)) from "政务"."表" where "c4" > cast(? as bigint) and ("c4" < cast(? as bigint) or "c4" is null); -- ['12', '12']
select cast("c4" as varchar(60)) from "政务"."表" where "c4" is not null order by "c4" limit 1 offset 0;
select cast("c4" as varchar(60)), case when "c4" > cast(? as bigint) then 1 else 0 end from "政务"."表" where "c4" is not null and "c4" >= cast(? as bigint) order by "c4" limit 1 offset 1000; -- ['12', '12']
select cast("c4" as varchar(60)) from "政务"."表" where "c4" is not null and "c4" > cast(? as bigint) order by "c4" limit 1 offset 0; -- ['12']

-- c5: DECIMAL(12,2)
select count(*), null, cast(max("c5") as varchar(60)) from "政务"."表" where "c5" > cast(? as decimal(38,2)) and ("c5" < cast(? as decimal(38,2)) or "c5" is null); -- ['12', '12']
select cast("c5" as varchar(60)) from "政务"."表" where "c5" is not null order by "c5" limit 1 offset 0;
select cast("c5" as varchar(60)), case when "c5" > cast(? as decimal(38,2)) then 1 else 0 end from "政务"."表" where "c5" is not null and "c5" >= cast(? as decimal(38,2)) order by "c5" limit 1 offset 1000; -- ['12', '12']
select cast("c5" as varchar(60)) from "政务"."表" where "c5" is not null and "c5" > cast(? as decimal(38,2)) order by "c5" limit 1 offset 0; -- ['12']

-- c6: NUMBER(38,0)
select count(*), null, cast(max("c6") as varchar(60)) from "政务"."表" where "c6" > cast(? as decimal(38,0)) and ("c6" < cast(? as decimal(38,0)) or "c6" is null); -- ['12', '12']
select cast("c6" as varchar(60)) from "政务"."表" where "c6" is not null order by "c6" limit 1 offset 0;
select cast("c6" as varchar(60)), case when "c6" > cast(? as decimal(38,0)) then 1 else 0 end from "政务"."表" where "c6" is not null and "c6" >= cast(? as decimal(38,0)) order by "c6" limit 1 offset 1000; -- ['12', '12']
select cast("c6" as varchar(60)) from "政务"."表" where "c6" is not null and "c6" > cast(? as decimal(38,0)) order by "c6" limit 1 offset 0; -- ['12']

-- c7: NUMERIC
select count(*), null, cast(max("c7") as varchar(60)) from "政务"."表" where "c7" > cast(? as decimal(38,0)) and ("c7" < cast(? as decimal(38,0)) or "c7" is null); -- ['12', '12']
select cast("c7" as varchar(60)) from "政务"."表" where "c7" is not null order by "c7" limit 1 offset 0;
select cast("c7" as varchar(60)), case when "c7" > cast(? as decimal(38,0)) then 1 else 0 end from "政务"."表" where "c7" is not null and "c7" >= cast(? as decimal(38,0)) order by "c7" limit 1 offset 1000; -- ['12', '12']
select cast("c7" as varchar(60)) from "政务"."表" where "c7" is not null and "c7" > cast(? as decimal(38,0)) order by "c7" limit 1 offset 0; -- ['12']

-- c13: VARCHAR(20)
select count(*), null, max("c13") from "政务"."表" where "c13" > ? and ("c13" < ? or "c13" is null); -- ['甲\'"]; --', '甲\'"]; --']
select "c13" from "政务"."表" where "c13" is not null order by "c13" limit 1 offset 0;
select "c13", case when "c13" > ? then 1 else 0 end from "政务"."表" where "c13" is not null and "c13" >= ? order by "c13" limit 1 offset 1000; -- ['甲\'"]; --', '甲\'"]; --']
select "c13" from "政务"."表" where "c13" is not null and "c13" > ? order by "c13" limit 1 offset 0; -- ['甲\'"]; --']

-- c14: VARCHAR2(20)
select count(*), null, max("c14") from "政务"."表" where "c14" > ? and ("c14" < ? or "c14" is null); -- ['甲\'"]; --', '甲\'"]; --']
select "c14" from "政务"."表" where "c14" is not null order by "c14" limit 1 offset 0;
select "c14", case when "c14" > ? then 1 else 0 end from "政务"."表" where "c14" is not null and "c14" >= ? order by "c14" limit 1 offset 1000; -- ['甲\'"]; --', '甲\'"]; --']
select "c14" from "政务"."表" where "c14" is not null and "c14" > ? order by "c14" limit 1 offset 0; -- ['甲\'"]; --']

-- c18: DATE
select count(*), null, to_char(max("c18"), 'YYYY-MM-DD') from "政务"."表" where "c18" > to_date(?, 'YYYY-MM-DD') and ("c18" < to_date(?, 'YYYY-MM-DD') or "c18" is null); -- ['2024-01-02', '2024-01-02']
select to_char("c18", 'YYYY-MM-DD') from "政务"."表" where "c18" is not null order by "c18" limit 1 offset 0;
select to_char("c18", 'YYYY-MM-DD'), case when "c18" > to_date(?, 'YYYY-MM-DD') then 1 else 0 end from "政务"."表" where "c18" is not null and "c18" >= to_date(?, 'YYYY-MM-DD') order by "c18" limit 1 offset 1000; -- ['2024-01-02', '2024-01-02']
select to_char("c18", 'YYYY-MM-DD') from "政务"."表" where "c18" is not null and "c18" > to_date(?, 'YYYY-MM-DD') order by "c18" limit 1 offset 0; -- ['2024-01-02']

-- c20: TIMESTAMP(6)
select count(*), null, to_char(max("c20"), 'YYYY-MM-DD HH24:MI:SS.FF6') from "政务"."表" where "c20" > cast(? as timestamp(6)) and ("c20" < cast(? as timestamp(6)) or "c20" is null); -- ['2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006']
select to_char("c20", 'YYYY-MM-DD HH24:MI:SS.FF6') from "政务"."表" where "c20" is not null order by "c20" limit 1 offset 0;
select to_char("c20", 'YYYY-MM-DD HH24:MI:SS.FF6'), case when "c20" > cast(? as timestamp(6)) then 1 else 0 end from "政务"."表" where "c20" is not null and "c20" >= cast(? as timestamp(6)) order by "c20" limit 1 offset 1000; -- ['2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006']
select to_char("c20", 'YYYY-MM-DD HH24:MI:SS.FF6') from "政务"."表" where "c20" is not null and "c20" > cast(? as timestamp(6)) order by "c20" limit 1 offset 0; -- ['2024-01-02 03:04:05.000006']

-- c21: DATETIME(6)
select count(*), null, to_char(max("c21"), 'YYYY-MM-DD HH24:MI:SS.FF6') from "政务"."表" where "c21" > cast(? as timestamp(6)) and ("c21" < cast(? as timestamp(6)) or "c21" is null); -- ['2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006']
select to_char("c21", 'YYYY-MM-DD HH24:MI:SS.FF6') from "政务"."表" where "c21" is not null order by "c21" limit 1 offset 0;
select to_char("c21", 'YYYY-MM-DD HH24:MI:SS.FF6'), case when "c21" > cast(? as timestamp(6)) then 1 else 0 end from "政务"."表" where "c21" is not null and "c21" >= cast(? as timestamp(6)) order by "c21" limit 1 offset 1000; -- ['2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006']
select to_char("c21", 'YYYY-MM-DD HH24:MI:SS.FF6') from "政务"."表" where "c21" is not null and "c21" > cast(? as timestamp(6)) order by "c21" limit 1 offset 0; -- ['2024-01-02 03:04:05.000006']
