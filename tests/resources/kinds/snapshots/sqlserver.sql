-- c0: tinyint -> integer
-- c1: smallint -> integer
-- c2: int -> integer
-- c3: bigint -> integer
-- c4: bit -> boolean
-- c5: decimal(12,2) -> decimal(12,2)
-- c6: numeric(38,0) -> decimal(38,0)
-- c7: money -> decimal(19,4)
-- c8: smallmoney -> decimal(10,4)
-- c9: float -> double
-- c10: real -> double
-- c11: date -> date
-- c12: datetime -> timestamp_ntz
-- c13: smalldatetime -> timestamp_ntz
-- c14: datetime2(6) -> timestamp_ntz
-- c15: datetime2(7) -> text
-- c16: datetimeoffset(3) -> timestamp
-- c17: datetimeoffset(7) -> text
-- c18: time(7) -> text
-- c19: char(5) -> text
-- c20: varchar(20) -> text
-- c21: varchar(max) -> text
-- c22: nchar(5) -> text
-- c23: nvarchar(20) -> text
-- c24: text -> text
-- c25: ntext -> text
-- c26: binary(4) -> binary
-- c27: varbinary(max) -> binary
-- c28: image -> binary
-- c29: timestamp -> binary
-- c30: uniqueidentifier -> text
-- c31: xml -> text
-- c32: sql_variant -> text
-- c33: hierarchyid -> text
-- c34: geometry -> text
-- c35: geography -> text
-- c36: json -> json

-- catalogue
select o.name, cast(m.value as nvarchar(4000)),
       (select sum(p.rows) from sys.partitions p
        where p.object_id = o.object_id and p.index_id in (0, 1)),
       c.name, y.name,
       case when y.name in ('nchar', 'nvarchar') and c.max_length > 0 then c.max_length / 2
            when y.name in ('char', 'varchar', 'binary', 'varbinary', 'nchar', 'nvarchar')
            then c.max_length end,
       case when y.name in ('decimal', 'numeric') then c.precision end,
       case when y.name in ('decimal', 'numeric', 'datetime2', 'datetimeoffset', 'time')
            then c.scale end,
       c.collation_name, convert(varchar(1), c.is_nullable), cast(n.value as nvarchar(4000)),
       k.key_ordinal
from sys.objects o
join sys.schemas s on s.schema_id = o.schema_id
join sys.columns c on c.object_id = o.object_id
join sys.types y on y.user_type_id =
     case when c.system_type_id = 240 then c.user_type_id else c.system_type_id end
left join sys.indexes i on i.object_id = o.object_id and i.is_primary_key = 1
left join sys.index_columns k
  on k.object_id = i.object_id and k.index_id = i.index_id and k.column_id = c.column_id
left join sys.extended_properties m
  on m.class = 1 and m.major_id = o.object_id and m.minor_id = 0 and m.name = 'MS_Description'
left join sys.extended_properties n
  on n.class = 1 and n.major_id = o.object_id and n.minor_id = c.column_id
 and n.name = 'MS_Description'
where o.type in ('U', 'V') and s.name = cast(0x3f65a152 as nvarchar(4000)) and o.name = cast(0x6888 as nvarchar(4000))
order by o.name, c.column_id;

-- rows
select convert(varchar(20), [c0]), convert(varchar(20), [c1]), convert(varchar(20), [c2]), convert(varchar(20), [c3]), convert(varchar(20), [c4]), convert(varchar(41), [c5]), convert(varchar(41), [c6]), convert(varchar(30), [c7], 2), convert(varchar(30), [c8], 2), convert(varchar(30), [c9], 3), convert(varchar(30), cast([c10] as float), 3), convert(varchar(10), [c11], 23), convert(varchar(27), [c12], 121), convert(varchar(27), [c13], 121), convert(varchar(27), [c14], 121), convert(varchar(27), [c15], 121), convert(varchar(27), cast(switchoffset([c16], '+00:00') as datetime2(6)), 121) + 'Z', convert(varchar(34), [c17], 121), convert(varchar(16), [c18], 121), convert(nvarchar(4000), rtrim([c19])), convert(nvarchar(max), [c20]), convert(nvarchar(max), [c21]), convert(nvarchar(4000), rtrim([c22])), convert(nvarchar(max), [c23]), convert(nvarchar(max), [c24]), convert(nvarchar(max), [c25]), [c26], [c27], [c28], convert(varbinary(8), [c29]), lower(convert(char(36), [c30])), convert(nvarchar(max), [c31]), convert(nvarchar(4000), [c32]), [c33].ToString(), 'SRID=' + convert(varchar(11), [c34].STSrid) + ';' + [c34].STAsText(), 'SRID=' + convert(varchar(11), [c35].STSrid) + ';' + [c35].STAsText(), convert(nvarchar(max), [c36]) from [政务].[表];

-- c0: tinyint
select count(*), null, convert(varchar(20), max([c0])) from [政务].[表] where [c0] > cast(cast(0x31003200 as nvarchar(4000)) as tinyint) and ([c0] < cast(cast(0x31003200 as nvarchar(4000)) as tinyint) or [c0] is null);
select convert(varchar(20), [c0]) from [政务].[表] where [c0] is not null order by [c0] offset 0 rows fetch next 1 rows only;
select convert(varchar(20), [c0]), case when [c0] > cast(cast(0x31003200 as nvarchar(4000)) as tinyint) then 1 else 0 end from [政务].[表] where [c0] is not null and [c0] >= cast(cast(0x31003200 as nvarchar(4000)) as tinyint) order by [c0] offset 1000 rows fetch next 1 rows only;
select convert(varchar(20), [c0]) from [政务].[表] where [c0] is not null and [c0] > cast(cast(0x31003200 as nvarchar(4000)) as tinyint) order by [c0] offset 0 rows fetch next 1 rows only;

-- c1: smallint
select count(*), null, convert(varchar(20), max([c1])) from [政务].[表] where [c1] > cast(cast(0x31003200 as nvarchar(4000)) as smallint) and ([c1] < cast(cast(0x31003200 as nvarchar(4000)) as smallint) or [c1] is null);
select convert(varchar(20), [c1]) from [政务].[表] where [c1] is not null order by [c1] offset 0 rows fetch next 1 rows only;
select convert(varchar(20), [c1]), case when [c1] > cast(cast(0x31003200 as nvarchar(4000)) as smallint) then 1 else 0 end from [政务].[表] where [c1] is not null and [c1] >= cast(cast(0x31003200 as nvarchar(4000)) as smallint) order by [c1] offset 1000 rows fetch next 1 rows only;
select convert(varchar(20), [c1]) from [政务].[表] where [c1] is not null and [c1] > cast(cast(0x31003200 as nvarchar(4000)) as smallint) order by [c1] offset 0 rows fetch next 1 rows only;

-- c2: int
select count(*), null, convert(varchar(20), max([c2])) from [政务].[表] where [c2] > cast(cast(0x31003200 as nvarchar(4000)) as int) and ([c2] < cast(cast(0x31003200 as nvarchar(4000)) as int) or [c2] is null);
select convert(varchar(20), [c2]) from [政务].[表] where [c2] is not null order by [c2] offset 0 rows fetch next 1 rows only;
select convert(varchar(20), [c2]), case when [c2] > cast(cast(0x31003200 as nvarchar(4000)) as int) then 1 else 0 end from [政务].[表] where [c2] is not null and [c2] >= cast(cast(0x31003200 as nvarchar(4000)) as int) order by [c2] offset 1000 rows fetch next 1 rows only;
select convert(varchar(20), [c2]) from [政务].[表] where [c2] is not null and [c2] > cast(cast(0x31003200 as nvarchar(4000)) as int) order by [c2] offset 0 rows fetch next 1 rows only;

-- c3: bigint
select count(*), null, convert(varchar(20), max([c3])) from [政务].[表] where [c3] > cast(cast(0x31003200 as nvarchar(4000)) as bigint) and ([c3] < cast(cast(0x31003200 as nvarchar(4000)) as bigint) or [c3] is null);
select convert(varchar(20), [c3]) from [政务].[表] where [c3] is not null order by [c3] offset 0 rows fetch next 1 rows only;
select convert(varchar(20), [c3]), case when [c3] > cast(cast(0x31003200 as nvarchar(4000)) as bigint) then 1 else 0 end from [政务].[表] where [c3] is not null and [c3] >= cast(cast(0x31003200 as nvarchar(4000)) as bigint) order by [c3] offset 1000 rows fetch next 1 rows only;
select convert(varchar(20), [c3]) from [政务].[表] where [c3] is not null and [c3] > cast(cast(0x31003200 as nvarchar(4000)) as bigint) order by [c3] offset 0 rows fetch next 1 rows only;

-- c5: decimal(12,2)
select count(*), null, convert(varchar(41), max([c5])) from [政务].[表] where [c5] > cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,2)) and ([c5] < cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,2)) or [c5] is null);
select convert(varchar(41), [c5]) from [政务].[表] where [c5] is not null order by [c5] offset 0 rows fetch next 1 rows only;
select convert(varchar(41), [c5]), case when [c5] > cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,2)) then 1 else 0 end from [政务].[表] where [c5] is not null and [c5] >= cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,2)) order by [c5] offset 1000 rows fetch next 1 rows only;
select convert(varchar(41), [c5]) from [政务].[表] where [c5] is not null and [c5] > cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,2)) order by [c5] offset 0 rows fetch next 1 rows only;

-- c6: numeric(38,0)
select count(*), null, convert(varchar(41), max([c6])) from [政务].[表] where [c6] > cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,0)) and ([c6] < cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,0)) or [c6] is null);
select convert(varchar(41), [c6]) from [政务].[表] where [c6] is not null order by [c6] offset 0 rows fetch next 1 rows only;
select convert(varchar(41), [c6]), case when [c6] > cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,0)) then 1 else 0 end from [政务].[表] where [c6] is not null and [c6] >= cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,0)) order by [c6] offset 1000 rows fetch next 1 rows only;
select convert(varchar(41), [c6]) from [政务].[表] where [c6] is not null and [c6] > cast(cast(0x31003200 as nvarchar(4000)) as decimal(38,0)) order by [c6] offset 0 rows fetch next 1 rows only;

-- c7: money
select count(*), null, convert(varchar(30), max([c7]), 2) from [政务].[表] where [c7] > cast(cast(0x31003200 as nvarchar(4000)) as money) and ([c7] < cast(cast(0x31003200 as nvarchar(4000)) as money) or [c7] is null);
select convert(varchar(30), [c7], 2) from [政务].[表] where [c7] is not null order by [c7] offset 0 rows fetch next 1 rows only;
select convert(varchar(30), [c7], 2), case when [c7] > cast(cast(0x31003200 as nvarchar(4000)) as money) then 1 else 0 end from [政务].[表] where [c7] is not null and [c7] >= cast(cast(0x31003200 as nvarchar(4000)) as money) order by [c7] offset 1000 rows fetch next 1 rows only;
select convert(varchar(30), [c7], 2) from [政务].[表] where [c7] is not null and [c7] > cast(cast(0x31003200 as nvarchar(4000)) as money) order by [c7] offset 0 rows fetch next 1 rows only;

-- c8: smallmoney
select count(*), null, convert(varchar(30), max([c8]), 2) from [政务].[表] where [c8] > cast(cast(0x31003200 as nvarchar(4000)) as smallmoney) and ([c8] < cast(cast(0x31003200 as nvarchar(4000)) as smallmoney) or [c8] is null);
select convert(varchar(30), [c8], 2) from [政务].[表] where [c8] is not null order by [c8] offset 0 rows fetch next 1 rows only;
select convert(varchar(30), [c8], 2), case when [c8] > cast(cast(0x31003200 as nvarchar(4000)) as smallmoney) then 1 else 0 end from [政务].[表] where [c8] is not null and [c8] >= cast(cast(0x31003200 as nvarchar(4000)) as smallmoney) order by [c8] offset 1000 rows fetch next 1 rows only;
select convert(varchar(30), [c8], 2) from [政务].[表] where [c8] is not null and [c8] > cast(cast(0x31003200 as nvarchar(4000)) as smallmoney) order by [c8] offset 0 rows fetch next 1 rows only;

-- c11: date
select count(*), null, convert(varchar(10), max([c11]), 23) from [政务].[表] where [c11] > convert(date, cast(0x32003000320034002d00300031002d0030003200 as nvarchar(4000)), 121) and ([c11] < convert(date, cast(0x32003000320034002d00300031002d0030003200 as nvarchar(4000)), 121) or [c11] is null);
select convert(varchar(10), [c11], 23) from [政务].[表] where [c11] is not null order by [c11] offset 0 rows fetch next 1 rows only;
select convert(varchar(10), [c11], 23), case when [c11] > convert(date, cast(0x32003000320034002d00300031002d0030003200 as nvarchar(4000)), 121) then 1 else 0 end from [政务].[表] where [c11] is not null and [c11] >= convert(date, cast(0x32003000320034002d00300031002d0030003200 as nvarchar(4000)), 121) order by [c11] offset 1000 rows fetch next 1 rows only;
select convert(varchar(10), [c11], 23) from [政务].[表] where [c11] is not null and [c11] > convert(date, cast(0x32003000320034002d00300031002d0030003200 as nvarchar(4000)), 121) order by [c11] offset 0 rows fetch next 1 rows only;

-- c12: datetime
select count(*), null, convert(varchar(27), max([c12]), 121) from [政务].[表] where [c12] > convert(datetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) and ([c12] < convert(datetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) or [c12] is null);
select convert(varchar(27), [c12], 121) from [政务].[表] where [c12] is not null order by [c12] offset 0 rows fetch next 1 rows only;
select convert(varchar(27), [c12], 121), case when [c12] > convert(datetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) then 1 else 0 end from [政务].[表] where [c12] is not null and [c12] >= convert(datetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) order by [c12] offset 1000 rows fetch next 1 rows only;
select convert(varchar(27), [c12], 121) from [政务].[表] where [c12] is not null and [c12] > convert(datetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) order by [c12] offset 0 rows fetch next 1 rows only;

-- c13: smalldatetime
select count(*), null, convert(varchar(27), max([c13]), 121) from [政务].[表] where [c13] > convert(smalldatetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) and ([c13] < convert(smalldatetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) or [c13] is null);
select convert(varchar(27), [c13], 121) from [政务].[表] where [c13] is not null order by [c13] offset 0 rows fetch next 1 rows only;
select convert(varchar(27), [c13], 121), case when [c13] > convert(smalldatetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) then 1 else 0 end from [政务].[表] where [c13] is not null and [c13] >= convert(smalldatetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) order by [c13] offset 1000 rows fetch next 1 rows only;
select convert(varchar(27), [c13], 121) from [政务].[表] where [c13] is not null and [c13] > convert(smalldatetime, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) order by [c13] offset 0 rows fetch next 1 rows only;

-- c14: datetime2(6)
select count(*), null, convert(varchar(27), max([c14]), 121) from [政务].[表] where [c14] > convert(datetime2, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) and ([c14] < convert(datetime2, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) or [c14] is null);
select convert(varchar(27), [c14], 121) from [政务].[表] where [c14] is not null order by [c14] offset 0 rows fetch next 1 rows only;
select convert(varchar(27), [c14], 121), case when [c14] > convert(datetime2, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) then 1 else 0 end from [政务].[表] where [c14] is not null and [c14] >= convert(datetime2, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) order by [c14] offset 1000 rows fetch next 1 rows only;
select convert(varchar(27), [c14], 121) from [政务].[表] where [c14] is not null and [c14] > convert(datetime2, cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e00300030003000300030003600 as nvarchar(4000)), 121) order by [c14] offset 0 rows fetch next 1 rows only;

-- c15: datetime2(7)
select count(*), null, convert(varchar(27), max([c15]), 121) from [政务].[表] where [c15] > convert(datetime2, cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), 121) and ([c15] < convert(datetime2, cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), 121) or [c15] is null);
select convert(varchar(27), [c15], 121) from [政务].[表] where [c15] is not null order by [c15] offset 0 rows fetch next 1 rows only;
select convert(varchar(27), [c15], 121), case when [c15] > convert(datetime2, cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), 121) then 1 else 0 end from [政务].[表] where [c15] is not null and [c15] >= convert(datetime2, cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), 121) order by [c15] offset 1000 rows fetch next 1 rows only;
select convert(varchar(27), [c15], 121) from [政务].[表] where [c15] is not null and [c15] > convert(datetime2, cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), 121) order by [c15] offset 0 rows fetch next 1 rows only;

-- c16: datetimeoffset(3)
select count(*), null, convert(varchar(27), cast(switchoffset(max([c16]), '+00:00') as datetime2(6)), 121) + 'Z' from [政务].[表] where [c16] > cast(replace(cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e003000300030003000300036005a00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) and ([c16] < cast(replace(cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e003000300030003000300036005a00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) or [c16] is null);
select convert(varchar(27), cast(switchoffset([c16], '+00:00') as datetime2(6)), 121) + 'Z' from [政务].[表] where [c16] is not null order by [c16] offset 0 rows fetch next 1 rows only;
select convert(varchar(27), cast(switchoffset([c16], '+00:00') as datetime2(6)), 121) + 'Z', case when [c16] > cast(replace(cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e003000300030003000300036005a00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) then 1 else 0 end from [政务].[表] where [c16] is not null and [c16] >= cast(replace(cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e003000300030003000300036005a00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) order by [c16] offset 1000 rows fetch next 1 rows only;
select convert(varchar(27), cast(switchoffset([c16], '+00:00') as datetime2(6)), 121) + 'Z' from [政务].[表] where [c16] is not null and [c16] > cast(replace(cast(0x32003000320034002d00300031002d00300032002000300033003a00300034003a00300035002e003000300030003000300036005a00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) order by [c16] offset 0 rows fetch next 1 rows only;

-- c17: datetimeoffset(7)
select count(*), null, convert(varchar(34), max([c17]), 121) from [政务].[表] where [c17] > cast(replace(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) and ([c17] < cast(replace(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) or [c17] is null);
select convert(varchar(34), [c17], 121) from [政务].[表] where [c17] is not null order by [c17] offset 0 rows fetch next 1 rows only;
select convert(varchar(34), [c17], 121), case when [c17] > cast(replace(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) then 1 else 0 end from [政务].[表] where [c17] is not null and [c17] >= cast(replace(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) order by [c17] offset 1000 rows fetch next 1 rows only;
select convert(varchar(34), [c17], 121) from [政务].[表] where [c17] is not null and [c17] > cast(replace(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)), N'Z', N' +00:00') as datetimeoffset) order by [c17] offset 0 rows fetch next 1 rows only;

-- c20: varchar(20)
select count(*), null, convert(nvarchar(max), max([c20])) from [政务].[表] where [c20] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as varchar(8000)) collate Chinese_PRC_CI_AS and ([c20] < cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as varchar(8000)) collate Chinese_PRC_CI_AS or [c20] is null);
select convert(nvarchar(max), [c20]) from [政务].[表] where [c20] is not null order by [c20] offset 0 rows fetch next 1 rows only;
select convert(nvarchar(max), [c20]), case when [c20] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as varchar(8000)) collate Chinese_PRC_CI_AS then 1 else 0 end from [政务].[表] where [c20] is not null and [c20] >= cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as varchar(8000)) collate Chinese_PRC_CI_AS order by [c20] offset 1000 rows fetch next 1 rows only;
select convert(nvarchar(max), [c20]) from [政务].[表] where [c20] is not null and [c20] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as varchar(8000)) collate Chinese_PRC_CI_AS order by [c20] offset 0 rows fetch next 1 rows only;

-- c23: nvarchar(20)
select count(*), null, convert(nvarchar(max), max([c23])) from [政务].[表] where [c23] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as nvarchar(4000)) collate Chinese_PRC_CI_AS and ([c23] < cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as nvarchar(4000)) collate Chinese_PRC_CI_AS or [c23] is null);
select convert(nvarchar(max), [c23]) from [政务].[表] where [c23] is not null order by [c23] offset 0 rows fetch next 1 rows only;
select convert(nvarchar(max), [c23]), case when [c23] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as nvarchar(4000)) collate Chinese_PRC_CI_AS then 1 else 0 end from [政务].[表] where [c23] is not null and [c23] >= cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as nvarchar(4000)) collate Chinese_PRC_CI_AS order by [c23] offset 1000 rows fetch next 1 rows only;
select convert(nvarchar(max), [c23]) from [政务].[表] where [c23] is not null and [c23] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as nvarchar(4000)) collate Chinese_PRC_CI_AS order by [c23] offset 0 rows fetch next 1 rows only;

-- c30: uniqueidentifier
select count(*), null, lower(convert(char(36), max([c30]))) from [政务].[表] where [c30] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as uniqueidentifier) and ([c30] < cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as uniqueidentifier) or [c30] is null);
select lower(convert(char(36), [c30])) from [政务].[表] where [c30] is not null order by [c30] offset 0 rows fetch next 1 rows only;
select lower(convert(char(36), [c30])), case when [c30] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as uniqueidentifier) then 1 else 0 end from [政务].[表] where [c30] is not null and [c30] >= cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as uniqueidentifier) order by [c30] offset 1000 rows fetch next 1 rows only;
select lower(convert(char(36), [c30])) from [政务].[表] where [c30] is not null and [c30] > cast(cast(0x3275270022005d003b0020002d002d00 as nvarchar(4000)) as uniqueidentifier) order by [c30] offset 0 rows fetch next 1 rows only;
