"""数据资源: collected from sources (collect), made into libraries (libraries)."""
