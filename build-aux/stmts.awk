# sql/stmt/*.sql to rows of C:  CS_STMT(NAME, "name", rows, repeatable, carries values, together, SEVERAL, "SQL")
# A statement is what stands between one "-- name:" and the next; its lines are joined by blanks, comments dropped.
# What several statements of a file say stands above them, behind a "-- part:", and goes where they say {part name}.

function end_text() {
    if (part != "")
        parts[part] = trimmed(text)
    else
        flush_statement()
}

function trimmed(words) {
    gsub(/[ \t]+/, " ", words)
    sub(/^ /, "", words)
    sub(/ $/, "", words)
    return words
}

function with_parts(line,    wanted) {
    while (match(line, /[{]part [a-z_]+[}]/)) {
        wanted = substr(line, RSTART + 6, RLENGTH - 7)
        if (!(wanted in parts)) fail("there is no part " wanted " above")
        used[wanted] = 1
        line = substr(line, 1, RSTART - 1) parts[wanted] substr(line, RSTART + RLENGTH)
    }
    return line
}

function begin_file(    one) {
    for (one in parts)
        if (!(one in used)) fail("no statement has the part " one)
    split("", parts)
    split("", used)
}

function flush_statement() {
    if (name == "")
        return
    if (rows == "" || text == "")
        fail("statement " name " lacks its rows line or its text")
    text = trimmed(text)
    gsub(/\\/, "\\\\", text)
    gsub(/"/, "\\\"", text)
    printf "CS_STMT(%s, \"%s\", %d, %d, %d, %d, %s, \"%s\")\n", toupper(name), name, rows, repeatable, values, together, several, text
}

function fail(why) {
    print FILENAME ":" FNR ": " why > "/dev/stderr"
    failed = 1
    exit 1
}

FNR == 1 { end_text(); name = part = ""; begin_file() }
/^-- part: / {
    end_text()
    name = ""; part = $3; text = ""
    if (part !~ /^[a-z_]+$/) fail("a part's name is lower case and underscores")
    if (part in parts) fail("part " part " stands twice")
    next
}
/^-- name: / {
    end_text()
    part = ""; name = $3; rows = ""; repeatable = values = together = 0; several = "COUNT"; text = ""
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
name != "" || part != "" { sub(/[ \t]--.*$/, ""); text = text " " with_parts($0) }

END { if (!failed) { end_text(); begin_file() } }
