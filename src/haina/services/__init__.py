"""数据服务: the gateway that answers programs, and the insight that answers leaders."""
