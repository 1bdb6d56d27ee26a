{% if sells %}
.PHONY: rebuild
rebuild: $(READY) .env ## Rebuild analytics from the first event while the service keeps serving (BUS_URL, DATABASE_URL)
	@$(BIN)/python -m {{ package }}.{{ service_of.analytics }}_service rebuild

{% endif %}
.PHONY: dead-letters
dead-letters: $(READY) .env ## List dead letters, show one (SHOW=id), or replay them (REPLAY=id, REPLAY=all)
	@set -a; . ./.env; BUS_URL="$${BUS_URL:-sqlite:///./var/bus.db}" $(BIN)/python -m choreography \
	    $(if $(REPLAY),replay $(filter-out all,$(REPLAY)),$(if $(SHOW),dead-letter $(SHOW),dead-letters))

.PHONY: test-kafka
test-kafka: $(READY) ## Run the bus{{ ", acceptance and fault" if sells else " and acceptance" }} tests on a real Kafka broker (needs Java and Maven)
	@PYTHONPATH=libs/src:. $(BIN)/python -m tests.broker $(BIN)/python -m pytest $(ARGS) \
	    libs/src/chassis/messaging/bus tests/broker tests/test_acceptance.py{{ " tests/test_publications.py" if content }}
{% if sells %}
	@$(BIN)/python -m pytest $(ARGS) tests/faults
{% endif %}

.PHONY: contracts
contracts: $(READY) ## Write the event contracts, or compare them with a commit (SINCE=commit, needs git)
	@$(BIN)/python -m $(if $(SINCE),dev.compatibility $(SINCE),dev.contracts)

