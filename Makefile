# The one door for commands: make help
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
COUNTY := .county
PERSONS ?= 120000
SEED ?= 20260801
ARGS ?=

.PHONY: help run dev test quick check lock county docs client audit bench bundle shots clean machine

help: ## 这张表
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/ready web/dist/index.html county ## 一条命令:装好、造县、采集、治理、提供服务
	@$(PY) -m compileall -q src  # as scripts/install does: the code may have changed since
	@scripts/demonstration $(COUNTY) --persons $(PERSONS) --seed $(SEED) -- \
	  $(PY) -m haina up --run $(ARGS)

dev: .venv/dev web/node_modules/ready county ## 开发:改动即生效(服务 8000,页面 5173)
	@scripts/demonstration $(COUNTY) --persons $(PERSONS) --seed $(SEED) -- scripts/dev

test: .venv/dev web/dist/index.html machine ## 全部测试
	@scripts/test

quick: .venv/dev ## 三分钟内的测试(不含沙箱攻击、数据源种类、全部路由)
	@$(PY) -m pytest -n 2 -m "not slow and not browser and not crash and not audit" \
	  --ignore tests/compute/engines --ignore tests/resources/kinds --ignore tests/app \
	  --ignore tests/services tests

check: .venv/dev ## 格式、严格类型、楼层
	@scripts/check

docs: .venv/dev ## 重新生成 docs/reference
	@$(PY) -m scripts.reference

client: .venv/dev web/node_modules/ready ## 重新生成页面用的接口客户端
	@$(PY) -m scripts.openapi > web/src/api/openapi.json && cd web && npm run --silent client

lock: ## 重新锁定依赖(需要 uv)
	@for name in requirements requirements-dev requirements-bench; do \
	  uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	    --no-emit-index-url --no-header $$name.in -o $$name.lock; done

audit: .venv/dev ## 破坏试验,一小时以内;接着上次停下的地方做(ANEW=1 全部重做)
	@scripts/audit $(ONLY)

bench: .venv/dev .peers/ready ## 速度(另见 bench/README.md);ONLY=名字 只做一个
	@$(PY) -m bench $(ONLY)

bundle: .venv/ready web/dist/index.html ## 不需要任何网络的安装包(dist/)
	@PATH="$(CURDIR)/.node/bin:$$PATH" PYTHONPATH=. $(PY) -m scripts.bundle

shots: .venv/dev web/dist/index.html ## 每个页面在每种状态、每种宽度下的图片(.shots/index.html)
	@$(PY) -m tests.browser.shots

county: .venv/ready
	@PATH="$(CURDIR)/.node/bin:$$PATH" $(PY) -m simulation.divisions --out $(COUNTY)/divisions
	@$(PY) -m simulation --out $(COUNTY)/sources --divisions $(COUNTY)/divisions/data.sqlite \
	  --persons $(PERSONS) --seed $(SEED)

.venv/ready: requirements.lock pyproject.toml scripts/install
	@scripts/install

.venv/dev: .venv/ready requirements-dev.lock
	@scripts/install dev

.peers/ready: requirements-bench.lock
	@scripts/install peers

web/node_modules/ready: web/package-lock.json .venv/ready
	@scripts/node install

web/dist/index.html: web/node_modules/ready $(shell find web/src web/index.html web/vite.config.ts -type f 2>/dev/null)
	@scripts/node build


machine:
	@scripts/machine

clean: ## 删除安装与演示数据
	rm -rf .venv .peers .haina $(COUNTY) web/node_modules web/dist
