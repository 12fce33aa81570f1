# Names of migrations, one a line, to rows of C:  CS_MIGRATION(1, "001-chat")
{
    name = $0
    sub(/.*\//, "", name)
    sub(/\.sql$/, "", name)
    if (name !~ /^[0-9][0-9][0-9]-[a-z-]+$/ || name + 0 != NR) {
        print "migration " name " is not number " NR " in its row" > "/dev/stderr"
        exit 1
    }
    printf "CS_MIGRATION(%d, \"%s\")\n", name + 0, name
}
