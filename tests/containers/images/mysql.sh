#!/bin/sh
# Create the data folder at the first start, then run the server.
set -eu
case ${1:-} in -*) set -- mysqld "$@" ;; esac
if [ ! -d /var/lib/mysql/mysql ]; then
  mysqld --initialize-insecure
  # On its socket only, so that nobody connects before everything is created.
  mysqld --skip-networking &
  until mysqladmin --user=root --silent ping; do sleep 0.2; done
  password=${MYSQL_ROOT_PASSWORD:-$(head -c 18 /dev/urandom | base64)}
  {
    [ -z "${MYSQL_DATABASE:-}" ] || echo "CREATE DATABASE \`$MYSQL_DATABASE\`;"
    if [ -n "${MYSQL_USER:-}" ]; then
      echo "CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';"
      echo "GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';"
    fi
    echo "ALTER USER 'root'@'localhost' IDENTIFIED BY '$password';"
  } | mysql --user=root
  for script in /docker-entrypoint-initdb.d/*; do
    case $script in
    *.sql) MYSQL_PWD=$password mysql --user=root <"$script" ;;
    *.sh) MYSQL_ROOT_PASSWORD=$password sh "$script" ;;
    esac
  done
  MYSQL_PWD=$password mysqladmin --user=root shutdown
  wait
fi
exec "$@"
