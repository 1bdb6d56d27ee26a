#!/bin/sh
# Prints the home of a JDK 21 or newer: JAVA_HOME, that of the javac on the PATH, or one that is installed.
javac=$(command -v javac) && on_path=$(dirname "$(dirname "$(readlink -f "$javac")")")
for home in "$JAVA_HOME" "$on_path" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null)
    if [ -x "$home/bin/javac" ] && [ "${version:-0}" -ge 21 ]; then
        printf '%s\n' "$home"
        exit
    fi
done
echo "This project needs a JDK 21 or newer. Install one, such as Temurin 25 from https://adoptium.net, or set JAVA_HOME to it." >&2
exit 1
