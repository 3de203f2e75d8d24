"""数据目录: what exists and who may ask (inventory), where it comes from (lineage)."""
