#!/bin/sh
# Run a program of Kafka: the name that this file is started by says which.
set -eu
case ${0##*/} in
kafka-storage.sh) class=kafka.tools.StorageTool ;;
kafka-server-start.sh) class=kafka.Kafka ;;
kafka-broker-api-versions.sh) class=org.apache.kafka.tools.BrokerApiVersionsCommand ;;
esac
# shellcheck disable=SC2086
exec java ${KAFKA_HEAP_OPTS:-} -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "/opt/kafka/libs/*" "$class" "$@"
