-- c0: NUMBER(10,0) -> integer
-- c1: NUMBER(20,0) -> decimal(20,0)
-- c2: NUMBER(12,2) -> decimal(12,2)
-- c3: NUMBER -> text
-- c4: NUMBER(0) -> decimal(38,0)
-- c5: NUMBER(5,-2) -> text
-- c6: NUMBER(2,5) -> text
-- c7: FLOAT(126) -> text
-- c8: BINARY_FLOAT -> double
-- c9: BINARY_DOUBLE -> double
-- c10: VARCHAR2(20) -> text
-- c11: NVARCHAR2(20) -> text
-- c12: CHAR(5) -> text
-- c13: NCHAR(5) -> text
-- c14: CLOB -> text
-- c15: NCLOB -> text
-- c16: LONG -> text
-- c17: DATE -> timestamp_ntz
-- c18: TIMESTAMP(6) -> timestamp_ntz
-- c19: TIMESTAMP(9) -> text
-- c20: TIMESTAMP(6) WITH TIME ZONE -> timestamp
-- c21: TIMESTAMP(3) WITH LOCAL TIME ZONE -> timestamp
-- c22: TIMESTAMP(9) WITH TIME ZONE -> text
-- c23: INTERVAL DAY(2) TO SECOND(6) -> text
-- c24: INTERVAL YEAR(2) TO MONTH -> text
-- c25: RAW -> binary
-- c26: BLOB -> binary
-- c27: LONG RAW -> binary
-- c28: ROWID -> text
-- c29: UROWID -> text
-- c30: XMLTYPE -> text
-- c31: JSON -> json
-- c32: BOOLEAN -> boolean
-- c33: SDO_GEOMETRY -> text

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
where t.owner = :1 and t.table_name = :2
order by t.table_name, c.column_id; -- ['政务', '表']

-- rows
select to_char("c0", 'TM9'), to_char("c1", 'TM9'), to_char("c2", 'TM9'), to_char("c3", 'TM9'), to_char("c4", 'TM9'), to_char("c5", 'TM9'), to_char("c6", 'TM9'), to_char("c7", 'TM9'), "c8", "c9", "c10", "c11", rtrim("c12"), rtrim("c13"), "c14", "c15", "c16", case when "c17" < date '0001-01-01' then to_char("c17", 'SYYYY-MM-DD HH24:MI:SS') else to_char("c17", 'YYYY-MM-DD HH24:MI:SS') end, case when "c18" < date '0001-01-01' then to_char("c18", 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char("c18", 'YYYY-MM-DD HH24:MI:SS.FF6') end, case when "c19" < date '0001-01-01' then to_char("c19", 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char("c19", 'YYYY-MM-DD HH24:MI:SS.FF9') end, case when sys_extract_utc("c20") < date '0001-01-01' then to_char(sys_extract_utc("c20"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc("c20"), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z', case when sys_extract_utc("c21") < date '0001-01-01' then to_char(sys_extract_utc("c21"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc("c21"), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z', case when sys_extract_utc("c22") < date '0001-01-01' then to_char(sys_extract_utc("c22"), 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char(sys_extract_utc("c22"), 'YYYY-MM-DD HH24:MI:SS.FF9') end || 'Z', to_char("c23"), to_char("c24"), "c25", "c26", "c27", rowidtochar("c28"), to_char("c29"), xmlserialize(content "c30" as clob), json_serialize("c31" returning clob), case "c32" when true then '1' when false then '0' end, sdo_util.to_wktgeometry("c33") from "政务"."表";

-- c0: NUMBER(10,0)
select count(*), null, to_char(max("c0"), 'TM9') from "政务"."表" where "c0" > to_number(:1) and ("c0" < to_number(:2) or "c0" is null); -- ['12', '12']
select to_char("c0", 'TM9') from "政务"."表" where "c0" is not null order by "c0" offset 0 rows fetch next 1 rows only;
select to_char("c0", 'TM9'), case when "c0" > to_number(:1) then 1 else 0 end from "政务"."表" where "c0" is not null and "c0" >= to_number(:2) order by "c0" offset 1000 rows fetch next 1 rows only; -- ['12', '12']
select to_char("c0", 'TM9') from "政务"."表" where "c0" is not null and "c0" > to_number(:1) order by "c0" offset 0 rows fetch next 1 rows only; -- ['12']

-- c1: NUMBER(20,0)
select count(*), null, to_char(max("c1"), 'TM9') from "政务"."表" where "c1" > to_number(:1) and ("c1" < to_number(:2) or "c1" is null); -- ['12', '12']
select to_char("c1", 'TM9') from "政务"."表" where "c1" is not null order by "c1" offset 0 rows fetch next 1 rows only;
select to_char("c1", 'TM9'), case when "c1" > to_number(:1) then 1 else 0 end from "政务"."表" where "c1" is not null and "c1" >= to_number(:2) order by "c1" offset 1000 rows fetch next 1 rows only; -- ['12', '12']
select to_char("c1", 'TM9') from "政务"."表" where "c1" is not null and "c1" > to_number(:1) order by "c1" offset 0 rows fetch next 1 rows only; -- ['12']

-- c2: NUMBER(12,2)
select count(*), null, to_char(max("c2"), 'TM9') from "政务"."表" where "c2" > to_number(:1) and ("c2" < to_number(:2) or "c2" is null); -- ['12', '12']
select to_char("c2", 'TM9') from "政务"."表" where "c2" is not null order by "c2" offset 0 rows fetch next 1 rows only;
select to_char("c2", 'TM9'), case when "c2" > to_number(:1) then 1 else 0 end from "政务"."表" where "c2" is not null and "c2" >= to_number(:2) order by "c2" offset 1000 rows fetch next 1 rows only; -- ['12', '12']
select to_char("c2", 'TM9') from "政务"."表" where "c2" is not null and "c2" > to_number(:1) order by "c2" offset 0 rows fetch next 1 rows only; -- ['12']

-- c3: NUMBER
select count(*), null, to_char(max("c3"), 'TM9') from "政务"."表" where "c3" > to_number(:1) and ("c3" < to_number(:2) or "c3" is null); -- ['12', '12']
select to_char("c3", 'TM9') from "政务"."表" where "c3" is not null order by "c3" offset 0 rows fetch next 1 rows only;
select to_char("c3", 'TM9'), case when "c3" > to_number(:1) then 1 else 0 end from "政务"."表" where "c3" is not null and "c3" >= to_number(:2) order by "c3" offset 1000 rows fetch next 1 rows only; -- ['12', '12']
select to_char("c3", 'TM9') from "政务"."表" where "c3" is not null and "c3" > to_number(:1) order by "c3" offset 0 rows fetch next 1 rows only; -- ['12']

-- c4: NUMBER(0)
select count(*), null, to_char(max("c4"), 'TM9') from "政务"."表" where "c4" > to_number(:1) and ("c4" < to_number(:2) or "c4" is null); -- ['12', '12']
select to_char("c4", 'TM9') from "政务"."表" where "c4" is not null order by "c4" offset 0 rows fetch next 1 rows only;
select to_char("c4", 'TM9'), case when "c4" > to_number(:1) then 1 else 0 end from "政务"."表" where "c4" is not null and "c4" >= to_number(:2) order by "c4" offset 1000 rows fetch next 1 rows only; -- ['12', '12']
select to_char("c4", 'TM9') from "政务"."表" where "c4" is not null and "c4" > to_number(:1) order by "c4" offset 0 rows fetch next 1 rows only; -- ['12']

-- c5: NUMBER(5,-2)
select count(*), null, to_char(max("c5"), 'TM9') from "政务"."表" where "c5" > to_number(:1) and ("c5" < to_number(:2) or "c5" is null); -- ['12', '12']
select to_char("c5", 'TM9') from "政务"."表" where "c5" is not null order by "c5" offset 0 rows fetch next 1 rows only;
select to_char("c5", 'TM9'), case when "c5" > to_number(:1) then 1 else 0 end from "政务"."表" where "c5" is not null and "c5" >= to_number(:2) order by "c5" offset 1000 rows fetch next 1 rows only; -- ['12', '12']
select to_char("c5", 'TM9') from "政务"."表" where "c5" is not null and "c5" > to_number(:1) order by "c5" offset 0 rows fetch next 1 rows only; -- ['12']

-- c6: NUMBER(2,5)
select count(*), null, to_char(max("c6"), 'TM9') from "政务"."表" where "c6" > to_number(:1) and ("c6" < to_number(:2) or "c6" is null); -- ['12', '12']
select to_char("c6", 'TM9') from "政务"."表" where "c6" is not null order by "c6" offset 0 rows fetch next 1 rows only;
select to_char("c6", 'TM9'), case when "c6" > to_number(:1) then 1 else 0 end from "政务"."表" where "c6" is not null and "c6" >= to_number(:2) order by "c6" offset 1000 rows fetch next 1 rows only; -- ['12', '12']
select to_char("c6", 'TM9') from "政务"."表" where "c6" is not null and "c6" > to_number(:1) order by "c6" offset 0 rows fetch next 1 rows only; -- ['12']

-- c10: VARCHAR2(20)
select count(*), null, max("c10") from "政务"."表" where "c10" > :1 and ("c10" < :2 or "c10" is null); -- ['甲\'"]; --', '甲\'"]; --']
select "c10" from "政务"."表" where "c10" is not null order by "c10" offset 0 rows fetch next 1 rows only;
select "c10", case when "c10" > :1 then 1 else 0 end from "政务"."表" where "c10" is not null and "c10" >= :2 order by "c10" offset 1000 rows fetch next 1 rows only; -- ['甲\'"]; --', '甲\'"]; --']
select "c10" from "政务"."表" where "c10" is not null and "c10" > :1 order by "c10" offset 0 rows fetch next 1 rows only; -- ['甲\'"]; --']

-- c11: NVARCHAR2(20)
select count(*), null, max("c11") from "政务"."表" where "c11" > :1 and ("c11" < :2 or "c11" is null); -- ['甲\'"]; --', '甲\'"]; --']
select "c11" from "政务"."表" where "c11" is not null order by "c11" offset 0 rows fetch next 1 rows only;
select "c11", case when "c11" > :1 then 1 else 0 end from "政务"."表" where "c11" is not null and "c11" >= :2 order by "c11" offset 1000 rows fetch next 1 rows only; -- ['甲\'"]; --', '甲\'"]; --']
select "c11" from "政务"."表" where "c11" is not null and "c11" > :1 order by "c11" offset 0 rows fetch next 1 rows only; -- ['甲\'"]; --']

-- c17: DATE
select count(*), null, case when max("c17") < date '0001-01-01' then to_char(max("c17"), 'SYYYY-MM-DD HH24:MI:SS') else to_char(max("c17"), 'YYYY-MM-DD HH24:MI:SS') end from "政务"."表" where "c17" > to_date(:1, 'YYYY-MM-DD HH24:MI:SS') and ("c17" < to_date(:2, 'YYYY-MM-DD HH24:MI:SS') or "c17" is null); -- ['2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006']
select case when "c17" < date '0001-01-01' then to_char("c17", 'SYYYY-MM-DD HH24:MI:SS') else to_char("c17", 'YYYY-MM-DD HH24:MI:SS') end from "政务"."表" where "c17" is not null order by "c17" offset 0 rows fetch next 1 rows only;
select case when "c17" < date '0001-01-01' then to_char("c17", 'SYYYY-MM-DD HH24:MI:SS') else to_char("c17", 'YYYY-MM-DD HH24:MI:SS') end, case when "c17" > to_date(:1, 'YYYY-MM-DD HH24:MI:SS') then 1 else 0 end from "政务"."表" where "c17" is not null and "c17" >= to_date(:2, 'YYYY-MM-DD HH24:MI:SS') order by "c17" offset 1000 rows fetch next 1 rows only; -- ['2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006']
select case when "c17" < date '0001-01-01' then to_char("c17", 'SYYYY-MM-DD HH24:MI:SS') else to_char("c17", 'YYYY-MM-DD HH24:MI:SS') end from "政务"."表" where "c17" is not null and "c17" > to_date(:1, 'YYYY-MM-DD HH24:MI:SS') order by "c17" offset 0 rows fetch next 1 rows only; -- ['2024-01-02 03:04:05.000006']

-- c18: TIMESTAMP(6)
select count(*), null, case when max("c18") < date '0001-01-01' then to_char(max("c18"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(max("c18"), 'YYYY-MM-DD HH24:MI:SS.FF6') end from "政务"."表" where "c18" > to_timestamp(:1, 'YYYY-MM-DD HH24:MI:SS.FF') and ("c18" < to_timestamp(:2, 'YYYY-MM-DD HH24:MI:SS.FF') or "c18" is null); -- ['2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006']
select case when "c18" < date '0001-01-01' then to_char("c18", 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char("c18", 'YYYY-MM-DD HH24:MI:SS.FF6') end from "政务"."表" where "c18" is not null order by "c18" offset 0 rows fetch next 1 rows only;
select case when "c18" < date '0001-01-01' then to_char("c18", 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char("c18", 'YYYY-MM-DD HH24:MI:SS.FF6') end, case when "c18" > to_timestamp(:1, 'YYYY-MM-DD HH24:MI:SS.FF') then 1 else 0 end from "政务"."表" where "c18" is not null and "c18" >= to_timestamp(:2, 'YYYY-MM-DD HH24:MI:SS.FF') order by "c18" offset 1000 rows fetch next 1 rows only; -- ['2024-01-02 03:04:05.000006', '2024-01-02 03:04:05.000006']
select case when "c18" < date '0001-01-01' then to_char("c18", 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char("c18", 'YYYY-MM-DD HH24:MI:SS.FF6') end from "政务"."表" where "c18" is not null and "c18" > to_timestamp(:1, 'YYYY-MM-DD HH24:MI:SS.FF') order by "c18" offset 0 rows fetch next 1 rows only; -- ['2024-01-02 03:04:05.000006']

-- c19: TIMESTAMP(9)
select count(*), null, case when max("c19") < date '0001-01-01' then to_char(max("c19"), 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char(max("c19"), 'YYYY-MM-DD HH24:MI:SS.FF9') end from "政务"."表" where "c19" > to_timestamp(:1, 'YYYY-MM-DD HH24:MI:SS.FF') and ("c19" < to_timestamp(:2, 'YYYY-MM-DD HH24:MI:SS.FF') or "c19" is null); -- ['甲\'"]; --', '甲\'"]; --']
select case when "c19" < date '0001-01-01' then to_char("c19", 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char("c19", 'YYYY-MM-DD HH24:MI:SS.FF9') end from "政务"."表" where "c19" is not null order by "c19" offset 0 rows fetch next 1 rows only;
select case when "c19" < date '0001-01-01' then to_char("c19", 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char("c19", 'YYYY-MM-DD HH24:MI:SS.FF9') end, case when "c19" > to_timestamp(:1, 'YYYY-MM-DD HH24:MI:SS.FF') then 1 else 0 end from "政务"."表" where "c19" is not null and "c19" >= to_timestamp(:2, 'YYYY-MM-DD HH24:MI:SS.FF') order by "c19" offset 1000 rows fetch next 1 rows only; -- ['甲\'"]; --', '甲\'"]; --']
select case when "c19" < date '0001-01-01' then to_char("c19", 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char("c19", 'YYYY-MM-DD HH24:MI:SS.FF9') end from "政务"."表" where "c19" is not null and "c19" > to_timestamp(:1, 'YYYY-MM-DD HH24:MI:SS.FF') order by "c19" offset 0 rows fetch next 1 rows only; -- ['甲\'"]; --']

-- c20: TIMESTAMP(6) WITH TIME ZONE
select count(*), null, case when sys_extract_utc(max("c20")) < date '0001-01-01' then to_char(sys_extract_utc(max("c20")), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc(max("c20")), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z' from "政务"."表" where "c20" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') and ("c20" < to_timestamp_tz(replace(:2, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') or "c20" is null); -- ['2024-01-02 03:04:05.000006Z', '2024-01-02 03:04:05.000006Z']
select case when sys_extract_utc("c20") < date '0001-01-01' then to_char(sys_extract_utc("c20"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc("c20"), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z' from "政务"."表" where "c20" is not null order by "c20" offset 0 rows fetch next 1 rows only;
select case when sys_extract_utc("c20") < date '0001-01-01' then to_char(sys_extract_utc("c20"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc("c20"), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z', case when "c20" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') then 1 else 0 end from "政务"."表" where "c20" is not null and "c20" >= to_timestamp_tz(replace(:2, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') order by "c20" offset 1000 rows fetch next 1 rows only; -- ['2024-01-02 03:04:05.000006Z', '2024-01-02 03:04:05.000006Z']
select case when sys_extract_utc("c20") < date '0001-01-01' then to_char(sys_extract_utc("c20"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc("c20"), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z' from "政务"."表" where "c20" is not null and "c20" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') order by "c20" offset 0 rows fetch next 1 rows only; -- ['2024-01-02 03:04:05.000006Z']

-- c21: TIMESTAMP(3) WITH LOCAL TIME ZONE
select count(*), null, case when sys_extract_utc(max("c21")) < date '0001-01-01' then to_char(sys_extract_utc(max("c21")), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc(max("c21")), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z' from "政务"."表" where "c21" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') and ("c21" < to_timestamp_tz(replace(:2, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') or "c21" is null); -- ['2024-01-02 03:04:05.000006Z', '2024-01-02 03:04:05.000006Z']
select case when sys_extract_utc("c21") < date '0001-01-01' then to_char(sys_extract_utc("c21"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc("c21"), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z' from "政务"."表" where "c21" is not null order by "c21" offset 0 rows fetch next 1 rows only;
select case when sys_extract_utc("c21") < date '0001-01-01' then to_char(sys_extract_utc("c21"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc("c21"), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z', case when "c21" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') then 1 else 0 end from "政务"."表" where "c21" is not null and "c21" >= to_timestamp_tz(replace(:2, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') order by "c21" offset 1000 rows fetch next 1 rows only; -- ['2024-01-02 03:04:05.000006Z', '2024-01-02 03:04:05.000006Z']
select case when sys_extract_utc("c21") < date '0001-01-01' then to_char(sys_extract_utc("c21"), 'SYYYY-MM-DD HH24:MI:SS.FF6') else to_char(sys_extract_utc("c21"), 'YYYY-MM-DD HH24:MI:SS.FF6') end || 'Z' from "政务"."表" where "c21" is not null and "c21" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') order by "c21" offset 0 rows fetch next 1 rows only; -- ['2024-01-02 03:04:05.000006Z']

-- c22: TIMESTAMP(9) WITH TIME ZONE
select count(*), null, case when sys_extract_utc(max("c22")) < date '0001-01-01' then to_char(sys_extract_utc(max("c22")), 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char(sys_extract_utc(max("c22")), 'YYYY-MM-DD HH24:MI:SS.FF9') end || 'Z' from "政务"."表" where "c22" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') and ("c22" < to_timestamp_tz(replace(:2, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') or "c22" is null); -- ['甲\'"]; --', '甲\'"]; --']
select case when sys_extract_utc("c22") < date '0001-01-01' then to_char(sys_extract_utc("c22"), 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char(sys_extract_utc("c22"), 'YYYY-MM-DD HH24:MI:SS.FF9') end || 'Z' from "政务"."表" where "c22" is not null order by "c22" offset 0 rows fetch next 1 rows only;
select case when sys_extract_utc("c22") < date '0001-01-01' then to_char(sys_extract_utc("c22"), 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char(sys_extract_utc("c22"), 'YYYY-MM-DD HH24:MI:SS.FF9') end || 'Z', case when "c22" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') then 1 else 0 end from "政务"."表" where "c22" is not null and "c22" >= to_timestamp_tz(replace(:2, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') order by "c22" offset 1000 rows fetch next 1 rows only; -- ['甲\'"]; --', '甲\'"]; --']
select case when sys_extract_utc("c22") < date '0001-01-01' then to_char(sys_extract_utc("c22"), 'SYYYY-MM-DD HH24:MI:SS.FF9') else to_char(sys_extract_utc("c22"), 'YYYY-MM-DD HH24:MI:SS.FF9') end || 'Z' from "政务"."表" where "c22" is not null and "c22" > to_timestamp_tz(replace(:1, 'Z', '+00:00'), 'YYYY-MM-DD HH24:MI:SS.FFTZH:TZM') order by "c22" offset 0 rows fetch next 1 rows only; -- ['甲\'"]; --']
