<?php
// The peer in PHP: a persistent connection per process, prepared statements; mod_php and php-fpm run the same.
$shape = require __DIR__ . '/shape.php';
$db = pg_pconnect('host=' . $shape['socket'] . ' dbname=bench user=chatsession');

function run($db, $name, $sql, $args)
{
    $result = @pg_execute($db, $name, $args);
    if (!$result) {
        pg_prepare($db, $name, $sql);
        $result = pg_execute($db, $name, $args);
    }
    return $result;
}

function args($columns, $body, $out)
{
    foreach ($columns as $c) {
        $v = $body[$c['name']] ?? null;
        if ($v === null) {
            $v = $c['type'] === 'text' ? '' : ($c['type'] === 'bool' ? 'false' : ($c['type'] === 'timestamp' ? null : $c['unset']));
        } elseif ($c['key']) {
            $v = $v[$c['key']] ?? $c['unset'];
        } elseif (is_bool($v)) {
            $v = $v ? 'true' : 'false';
        } elseif (is_string($v) && isset($c['words'][$v])) {
            $v = $c['words'][$v];
        }
        $out[] = $v;
    }
    return $out;
}

$user = $_SERVER['REMOTE_USER'] ?? '';
$uri = $_SERVER['REQUEST_URI'];
$full = strncmp($uri, '/full', 5) === 0;
$id = substr($uri, strrpos($uri, '/') + 1);
$method = $_SERVER['REQUEST_METHOD'];
if ($method === 'GET' && isset($_GET['$filter'])) {
    preg_match('/eq (\d+)/', $_GET['$filter'], $found);
    $rows = pg_fetch_all(run($db, 'list', $shape['list'], [$user, $found[1]]), PGSQL_NUM);
    $text = $shape['list_head'] . implode(',', array_map('row', $rows)) . ']}';
    header('Cache-Control: no-store');
    header('Content-Type: application/json; charset=utf-8');
    header('Content-Length: ' . strlen($text));
    echo $text;
    exit;
}
if ($method === 'GET') {
    $row = run($db, 'get', $shape['get'], [$user, $id]);
} elseif ($method === 'PUT') {
    $row = run($db, 'put', $shape['put'], args($shape['columns'], json_decode(file_get_contents('php://input'), true), [$user, $id]));
} else {
    $row = run($db, 'post', $shape['post'], args($shape['columns'], json_decode(file_get_contents('php://input'), true), [$user]));
}
$row = pg_fetch_row($row);
if (!$row) {
    http_response_code(404);
    exit;
}
$etag = '"' . $row[0] . '"';
header('ETag: ' . $etag);
header('Cache-Control: no-store');
if ($method === 'GET' && ($_SERVER['HTTP_IF_NONE_MATCH'] ?? '') === $etag) {
    http_response_code(304);
    exit;
}
header('Content-Type: application/json; charset=utf-8');
$text = $full ? full($row) : none($row);
header('Content-Length: ' . strlen($text));
echo $text;
