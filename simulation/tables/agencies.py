"""The 32 agencies and the habits of their systems."""

from __future__ import annotations

from collections.abc import Mapping

from simulation.declare import Agency

_ALL = (
    # the six at the heart
    Agency("gongan", "公安武清分局", dates="compact", sloppiness=0.5, stale=0.0),
    Agency("minzheng", "区民政局", naming="pinyin_lower", sex="label", codes="label"),
    Agency("renshe", "区人社局", naming="english_snake", dates="integer", sloppiness=0.6),
    Agency(
        "weijian", "区卫健委", "csv", "gb18030", "chinese", "slash", sex="label", sloppiness=1.3
    ),
    Agency("shichang", "区市场监管局", naming="english_upper", dates="iso", sloppiness=0.7),
    Agency("yibao", "区医保局", naming="english_camel", sex="letter", money="fen", sloppiness=0.6),
    # systems in SQLite
    Agency("jiaoyu", "区教育局", dates="slash", sex="label", stale=0.15),
    Agency("caizheng", "区财政局", naming="english_upper", money="fen", sloppiness=0.5),
    Agency("guihua", "市规划资源局武清分局", dates="iso", codes="label", sloppiness=0.8),
    Agency("zhujian", "区住建委", naming="pinyin_lower", dates="slash", sloppiness=1.4),
    Agency("jiaotong", "区交通局", naming="english_snake", codes="ordinal"),
    Agency("nongye", "区农业农村委", dates="chinese", codes="label", sloppiness=1.8),
    Agency("tuiyi", "区退役军人局", naming="english_snake", dates="compact", sloppiness=0.8),
    Agency("yingji", "区应急局", naming="english_camel", codes="letter", sloppiness=1.2),
    Agency("zhengwu", "区政务服务办", naming="english_snake", sloppiness=0.6, stale=0.05),
    Agency("shuiwuju", "区税务局", naming="english_upper", dates="compact", sloppiness=0.4),
    # CSV, UTF-8, some with a byte order mark
    Agency("fagai", "区发改委", "csv", "utf-8-sig", "chinese", "iso", codes="label"),
    Agency("keji", "区科技局", "csv", "utf-8", "english_snake", "slash"),
    Agency("gongxin", "区工信局", "csv", "utf-8", "pinyin_upper", "iso", codes="ordinal"),
    Agency("qixiang", "区气象局", "csv", "utf-8", "english_snake", "iso", sloppiness=0.4),
    Agency("shenji", "区审计局", "csv", "utf-8-sig", "chinese", "chinese", codes="label"),
    # CSV, GB18030
    Agency("zhengfu", "区政府办", "csv", "gb18030", "chinese", "iso", codes="label"),
    Agency("wenlv", "区文旅局", "csv", "gb18030", "chinese", "slash", codes="label"),
    # CSV, GB18030: packed into one file, or laid into a watched folder
    Agency("sifa", "区司法局", "zip", "gb18030", "pinyin_upper", "slash", sex="label"),
    Agency("chengguan", "区城管委", "csv", "gb18030", "pinyin_upper", sloppiness=1.5, inbox=True),
    # what other systems write
    Agency(
        "quwei", "区委办", "workbook", naming="chinese", dates="chinese", sex="label", codes="label"
    ),
    Agency("xinfang", "区信访办", "workbook", naming="chinese", sex="label", sloppiness=1.6),
    Agency("shangwu", "区商务局", "json", naming="pinyin_lower", dates="slash", codes="label"),
    Agency("shengtai", "区生态环境局", "jsonl", naming="english_camel", codes="ordinal"),
    Agency(
        "tongji", "区统计局", "parquet", naming="english_upper", dates="compact", sloppiness=0.5
    ),
    Agency("xiaofang", "区消防救援支队", "dbf", "gb18030", "pinyin_upper", "compact"),
    Agency("shuiwu", "区水务局", "fixed_width", "gb18030", "pinyin_lower", "slash", sloppiness=1.2),
)

AGENCIES: Mapping[str, Agency] = {agency.code: agency for agency in _ALL}
