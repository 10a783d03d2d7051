# Every target sets up first; that takes no time when nothing changed.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-sqlite test-postgres test-long lint format coverage chromium mutants lock messages bench-close bench-documents bench-chat clean
SHELL := /bin/sh
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
WORKERS ?= auto
ARGS ?=
# `make run PLATFORM=whapi` runs a stand-in of it beside; said in the environment it is the setting.
ifeq ($(origin PLATFORM),command line)
BESIDE = $(if $(filter-out embedded,$(PLATFORM)),$(BIN)/python -m tests.standins $(PLATFORM) --)
endif

help:  ## what there is
	@sed -n 's/^\([a-z-]*\):.*##  *\(.*\)/make \1\t\2/p' Makefile | expand -t 18

setup:  ## .venv, from requirements.lock
	@scripts/setup.sh

run: setup  ## the bot; without TELEGRAM_BOT_TOKEN the sandbox; more with ARGS="..."; PLATFORM=whapi
	@exec $(BESIDE) $(BIN)/partnerdesk run $(ARGS)

test: test-sqlite test-postgres  ## all tests but the long ones; what keeps data on SQLite and on PostgreSQL

test-sqlite: setup chromium  ## all of them on SQLite alone
	@$(PYTEST) -n $(WORKERS) -m "not long" $(ARGS)

# Those that keep rows: the others know of no engine. TEST_DATABASE_URL names a server; else one is started.
KEEPS := tests/storage tests/billing/services tests/bot/chat tests/bot/delivery tests/bot/web tests/bot/simulation \
	tests/bot/gateways/test_embedded.py tests/bot/test_doctor_on_server.py tests/scenarios/test_first_months.py
test-postgres: setup  ## those that keep data, on a PostgreSQL that is started for them
	@TEST_ENGINE=postgresql $(PYTEST) -n $(WORKERS) -m "not long" --timeout 300 $(or $(ARGS),$(KEEPS))

test-long: setup chromium  ## the long tests: kills, load, a year
	@$(PYTEST) -m long $(ARGS)

lint: setup  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy billing storage bot

format: setup  ## lets ruff write
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench-close: setup  ## the close of 1,000,000 instances beside bare statements; other sizes with ARGS="..."
	@$(BIN)/python -m tests.benches.close $(ARGS)

bench-chat: setup  ## from a message in the sandbox to its answer there, 20 chats at once
	@$(BIN)/python -m tests.benches.chat $(ARGS)

bench-documents: setup  ## invoices of 1, 50 and 400 lines as PDF, the compiler kept
	@$(BIN)/python -m tests.benches.documents $(ARGS)

coverage: setup chromium  ## branch coverage: 100 % of billing, 90 % of the rest
	@$(PYTEST) -q -n $(WORKERS) -m "not long" --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --skip-covered --show-missing --include="billing/*" --fail-under=100
	@$(BIN)/coverage report --skip-covered --show-missing --include="bot/*,storage/*" --fail-under=90

mutants: setup  ## how many changes of the rules the tests notice: 90 %; some alone with ARGS="billing.money*"
	@$(BIN)/python -m tests.benches.mutants $(ARGS)

chromium:  ## the browser that the tests of the sandbox's page use
	@scripts/chromium.sh

lock: setup  ## requirements*.lock anew, from pyproject.toml
	@scripts/lock.sh

messages: setup  ## the catalogues anew, from the texts in the code
	@$(BIN)/pybabel -q extract -F bot/chat/locales/babel.cfg --no-location --sort-output -o messages.pot bot/chat bot/documents
	@$(BIN)/pybabel -q update -i messages.pot -d bot/chat/locales -D partnerdesk --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete -w 100
	@rm messages.pot

clean:  ## removes what was made here; never data/
	rm -rf .venv .boot .boot-venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage* htmlcov mutants
