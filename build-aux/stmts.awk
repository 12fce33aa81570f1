# sql/stmt/*.sql to rows of C:  CS_STMT(NAME, "name", rows, repeatable, carries values, together, SEVERAL, "SQL")
# A statement is what stands between one "-- name:" and the next; its lines are joined by blanks, comments dropped.

function flush_statement() {
    if (name == "")
        return
    if (rows == "" || text == "")
        fail("statement " name " lacks its rows line or its text")
    gsub(/[ \t]+/, " ", text)
    sub(/^ /, "", text)
    sub(/ $/, "", text)
    gsub(/\\/, "\\\\", text)
    gsub(/"/, "\\\"", text)
    printf "CS_STMT(%s, \"%s\", %d, %d, %d, %d, %s, \"%s\")\n", toupper(name), name, rows, repeatable, values, together, several, text
}

function fail(why) {
    print FILENAME ":" FNR ": " why > "/dev/stderr"
    failed = 1
    exit 1
}

/^-- name: / {
    flush_statement()
    name = $3; rows = ""; repeatable = values = together = 0; several = "COUNT"; text = ""
    if (name !~ /^[a-z_]+$/) fail("a statement's name is lower case and underscores")
    if (name in seen) fail("statement " name " stands twice")
    seen[name] = 1
    next
}
/^-- rows: / {
    rows = $3 + 0; repeatable = /repeatable/ ? 1 : 0; values = /values/ ? 1 : 0; together = /together/ ? 1 : 0
    if (together && repeatable) several = toupper(name)
    next
}
/^-- several: / { several = toupper($3); next }
/^--/ { next }
name != "" { sub(/[ \t]--.*$/, ""); text = text " " $0 }

END { if (!failed) flush_statement() }
