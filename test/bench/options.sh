# Sourced by the scripts beside it. Reads a command line whose options all have a value:
#
#   take_options 'rows flush-period' 'work peer' "$@"
#
# puts each value into the variable of its option's name, as in flush_period. Options of the second list
# name files or folders; as the scripts change theirs, these are made absolute: $start is where it began.

take_options() { # names, names of paths, arguments
  local plain=" $1 " paths=" $2 " name
  shift 2
  while [ $# -gt 0 ]; do
    name=${1#--}
    if [ "$name" = "$1" ] || [[ $plain$paths != *" $name "* ]]; then
      echo "Unknown option $1" >&2
      exit 2
    fi
    [ $# -ge 2 ] || { echo "Option $1 needs a value" >&2; exit 2; }
    if [[ $paths == *" $name "* && $2 != /* ]]; then
      printf -v "${name//-/_}" %s "$start/$2"
    else
      printf -v "${name//-/_}" %s "$2"
    fi
    shift 2
  done
}
