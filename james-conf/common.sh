# What the commands of james-conf share. Sourced, after "here" is set to the directory of this file.

root=$(dirname "$here")
lib=$here/server/target/lib
durable=$here/durable/target
jars=$here/target/james/extensions-jars

# How a command that fails ends.
failure=1

fail() {
  echo "james-conf/$(basename "$0"): $*" >&2
  exit "$failure"
}

# Makes a working directory whose conf is james-conf/conf: what is edited there is what runs.
link_configuration() {
  mkdir -p "$1"
  ln -sfn "$here/conf" "$1/conf"
}

# Sets "java" to a Java that can run this, and "java_options" to what it needs: Guava, as James has it, uses what Java 24
# and later warn of, in the first lines that a user would read.
find_java() {
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  command -v "$java" > /dev/null \
    || fail "no Java found at '$java': install a JDK 17 or later, or set JAVA_HOME to one"
  # the version is "17.0.2" or "25", and "1.8.0" before 9
  local version
  version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
  [[ $version =~ ^[0-9]+$ && $version -ge 17 ]] \
    || fail "'$java' is a Java ${version:-of unknown version}: install a JDK 17 or later, or set JAVA_HOME to one"
  java_options=()
  [[ $version -lt 24 ]] || java_options=(--sun-misc-unsafe-memory-access=allow)
}

# Builds what is missing; with --build, in any case.
build_if_needed() {
  if [[ ${1:-} == --build || ! -f $jars/james-sts.jar || ! -d $lib || ! -f $durable/james-durable.jar \
    || ! -f $here/target/james-conf.jar ]]; then
    command -v mvn > /dev/null || fail "no Maven found: install it, mvn must be on the PATH"
    echo "Building james-sts (the first time, this also downloads James: 122 MB) ..."
    # Whether the sources are formatted well does not matter here.
    mvn -B -q -f "$root/pom.xml" -pl james-conf -am -DskipTests -Dspotless.check.skip=true package \
      || fail "the build failed, see above"
  fi
}
